package argocd

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
	luajson "layeh.com/gopher-json"
)

type object = map[string]any

// evaluate runs a script as Argo CD does: with these libraries and no others, the object as the global obj, and a second of time.
func evaluate(t *testing.T, script string, obj object) (any, error) {
	t.Helper()
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for _, library := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage},
		{lua.BaseLibName, lua.OpenBase},
		{lua.TabLibName, lua.OpenTable},
	} {
		state.Push(state.NewFunction(library.open))
		state.Push(lua.LString(library.name))
		state.Call(1, 0)
	}
	deadline, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(deadline)
	state.SetGlobal("obj", luajson.DecodeValue(state, obj))
	if err := state.DoString(script); err != nil {
		return nil, err
	}
	if kind := state.Get(-1).Type(); kind != lua.LTTable {
		return nil, fmt.Errorf("the script returns a %s, not a table", kind)
	}
	text, err := luajson.Encode(state.Get(-1))
	if err != nil {
		return nil, err
	}
	var result any
	return result, json.Unmarshal(text, &result)
}

// restored undoes, as Argo CD does, what Lua makes of an object's empty maps: they come back as empty lists.
func restored(now, before any) any {
	switch was := before.(type) {
	case object:
		if list, ok := now.([]any); ok && len(list) == 0 {
			return was
		}
		if fields, ok := now.(object); ok {
			for key := range was {
				if value, kept := fields[key]; kept {
					fields[key] = restored(value, was[key])
				}
			}
		}
	case []any:
		if list, ok := now.([]any); ok {
			for i := range min(len(list), len(was)) {
				list[i] = restored(list[i], was[i])
			}
		}
	}
	return now
}
