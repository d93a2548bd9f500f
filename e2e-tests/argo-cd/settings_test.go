package argocd

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write docs/argo-cd/*.yaml anew")

const notice = "# Made from resource_customizations/; `go -C e2e-tests/argo-cd test . -update` makes it anew.\n"

// What users paste holds the scripts that are tested, letter by letter.
func TestSettingsHoldTheScripts(t *testing.T) {
	settings := settings(t)
	files := map[string]string{
		"argocd-cm.yaml": notice + "data:\n" + indented(settings, 2),
		"values.yaml":    notice + "configs:\n  cm:\n" + indented(settings, 4),
	}
	for name, text := range files {
		file := filepath.Join(root, "docs/argo-cd", name)
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if read(t, file) != text {
			t.Errorf("%s is not made of the scripts as they are: -update makes it anew", file)
		}
	}
}

// And Argo CD, which parses the actions once more, finds the same in them.
func TestArgoReadsTheScriptsFromTheSettings(t *testing.T) {
	data := load(t, filepath.Join(root, "docs/argo-cd/argocd-cm.yaml"))["data"].(object)
	for _, kind := range kinds(t) {
		script := read(t, filepath.Join(customizations, kind, "health.lua"))
		if data["resource.customizations.health.castellan.dev_"+kind] != script {
			t.Errorf("the health of %s is another script", kind)
		}
	}
	var actions struct {
		Discovery   string              `json:"discovery.lua"`
		Definitions []map[string]string `json:"definitions"`
	}
	text, _ := data["resource.customizations.actions.castellan.dev_KafkaCluster"].(string)
	if err := yaml.Unmarshal([]byte(text), &actions); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(customizations, "KafkaCluster/actions")
	if actions.Discovery != read(t, filepath.Join(folder, "discovery.lua")) || len(actions.Definitions) != 3 {
		t.Errorf("discovers by another script, or other actions: %v", actions)
	}
	for _, action := range actions.Definitions {
		if action["action.lua"] != read(t, filepath.Join(folder, action["name"], "action.lua")) {
			t.Errorf("%s is done by another script", action["name"])
		}
	}
}

// settings are the entries of Argo CD's ConfigMap, as YAML.
func settings(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	for _, kind := range kinds(t) {
		folder := filepath.Join(customizations, kind)
		fmt.Fprintf(&text, "resource.customizations.health.castellan.dev_%s: |\n%s", kind, indented(read(t, folder+"/health.lua"), 2))
		scripts, err := filepath.Glob(folder + "/actions/*/action.lua")
		if err != nil {
			t.Fatal(err)
		}
		if len(scripts) == 0 {
			continue
		}
		fmt.Fprintf(&text, "resource.customizations.actions.castellan.dev_%s: |\n", kind)
		fmt.Fprintf(&text, "  discovery.lua: |\n%s  definitions:\n", indented(read(t, folder+"/actions/discovery.lua"), 4))
		for _, script := range scripts {
			name := filepath.Base(filepath.Dir(script))
			fmt.Fprintf(&text, "  - name: %s\n    action.lua: |\n%s", name, indented(read(t, script), 6))
		}
	}
	return text.String()
}

func indented(text string, by int) string {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = strings.Repeat(" ", by) + line
		}
	}
	return strings.Join(lines, "")
}
