// Package argocd tests what Argo CD is told of our resources, from the files of docs/argo-cd/ in the layout that Argo CD has for them.
package argocd

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const (
	root           = "../.."
	customizations = root + "/docs/argo-cd/resource_customizations/castellan.dev"
	goldens        = root + "/operator/src/test/resources/golden"
)

type health struct{ Status, Message string }

type healthTests struct {
	Tests []struct {
		InputPath    string
		HealthStatus health
	}
}

type actionTests struct {
	DiscoveryTests []struct {
		InputPath string
		Result    []object
	}
	ActionTests []struct{ Action, InputPath, ExpectedOutputPath string }
}

func TestHealth(t *testing.T) {
	for _, kind := range kinds(t) {
		var cases healthTests
		parse(t, filepath.Join(customizations, kind, "health_test.yaml"), &cases)
		for _, c := range cases.Tests {
			t.Run(kind+"/"+filepath.Base(c.InputPath), func(t *testing.T) {
				if got := healthOf(t, kind, load(t, filepath.Join(customizations, kind, c.InputPath))); got != c.HealthStatus {
					t.Errorf("is %+v\nshould be %+v", got, c.HealthStatus)
				}
			})
		}
	}
}

func TestDiscovery(t *testing.T) {
	eachActionTest(t, func(t *testing.T, folder string, cases actionTests) {
		for _, c := range cases.DiscoveryTests {
			t.Run(filepath.Base(c.InputPath), func(t *testing.T) {
				expected := map[string]any{}
				for _, action := range c.Result {
					name := action["name"].(string)
					delete(action, "name")
					if action["disabled"] == nil {
						action["disabled"] = false
					}
					expected[name] = action
				}
				got, err := evaluate(t, read(t, filepath.Join(folder, "discovery.lua")), load(t, filepath.Join(folder, c.InputPath)))
				if err != nil || !reflect.DeepEqual(got, any(expected)) {
					t.Errorf("are %v (%v)\nshould be %v", got, err, expected)
				}
			})
		}
	})
}

func TestActions(t *testing.T) {
	eachActionTest(t, func(t *testing.T, folder string, cases actionTests) {
		for _, c := range cases.ActionTests {
			t.Run(c.Action, func(t *testing.T) {
				before := load(t, filepath.Join(folder, c.InputPath))
				got, err := evaluate(t, read(t, filepath.Join(folder, c.Action, "action.lua")), before)
				expected := load(t, filepath.Join(folder, c.ExpectedOutputPath))
				if err != nil || !reflect.DeepEqual(restored(got, before), any(expected)) {
					t.Errorf("makes %v (%v)\nshould make %v", got, err, expected)
				}
			})
		}
	})
}

// A file of ours that no test case uses would be mistaken for one that was tested.
func TestEveryScriptAndObjectIsTested(t *testing.T) {
	used := map[string]bool{}
	use := func(elements ...string) { used[filepath.Join(elements...)] = true }
	for _, kind := range kinds(t) {
		var cases healthTests
		parse(t, filepath.Join(customizations, kind, "health_test.yaml"), &cases)
		for _, c := range cases.Tests {
			use(customizations, kind, c.InputPath)
		}
		use(customizations, kind, "health.lua")
	}
	eachActionTest(t, func(t *testing.T, folder string, cases actionTests) {
		use(folder, "discovery.lua")
		for _, c := range cases.DiscoveryTests {
			use(folder, c.InputPath)
		}
		for _, c := range cases.ActionTests {
			use(folder, c.InputPath)
			use(folder, c.ExpectedOutputPath)
			use(folder, c.Action, "action.lua")
		}
	})
	for _, file := range filesBelow(t, customizations) {
		if !used[file] && !strings.HasSuffix(file, "_test.yaml") {
			t.Errorf("%s is in no test", file)
		}
	}
}

func eachActionTest(t *testing.T, test func(*testing.T, string, actionTests)) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(customizations, "*", "actions"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no actions (%v)", err)
	}
	for _, folder := range folders {
		var cases actionTests
		parse(t, filepath.Join(folder, "action_test.yaml"), &cases)
		test(t, folder, cases)
	}
}

func healthOf(t *testing.T, kind string, obj object) health {
	t.Helper()
	result, err := evaluate(t, read(t, filepath.Join(customizations, kind, "health.lua")), obj)
	if err != nil {
		t.Fatal(err)
	}
	status, _ := result.(object)["status"].(string)
	message, _ := result.(object)["message"].(string)
	return health{status, message}
}

func kinds(t *testing.T) (kinds []string) {
	t.Helper()
	scripts, err := filepath.Glob(filepath.Join(customizations, "*", "health.lua"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no health.lua (%v)", err)
	}
	for _, script := range scripts {
		kinds = append(kinds, filepath.Base(filepath.Dir(script)))
	}
	return kinds
}

func filesBelow(t *testing.T, folder string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func load(t *testing.T, file string) (obj object) {
	t.Helper()
	parse(t, file, &obj)
	return obj
}

func parse(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
