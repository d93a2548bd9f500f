package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const cluster = `apiVersion: castellan.dev/v1beta1
kind: KafkaCluster
metadata: {name: events, generation: 2}
status: `

func ready(status, more string) string {
	return fmt.Sprintf(`{observedGeneration: 2, conditions: [{type: Ready, status: "%s", reason: R, lastTransitionTime: now}%s]}`, status, more)
}

func also(kind, status string) string {
	return fmt.Sprintf(`, {type: %s, status: "%s", reason: R, message: why, lastTransitionTime: now}`, kind, status)
}

func TestWhatKstatusSays(t *testing.T) {
	cases := []struct{ name, status, want string }{
		{"ready", ready("True", ""), "Current"},
		{"not ready yet", ready("False", also("Reconciling", "True")), "InProgress"},
		{"a roll: ready and at work", ready("True", also("Reconciling", "True")), "InProgress"},
		{"restarts held back: all is done that may be", ready("True", also("Held", "True")), "Current"},
		{"only the user can help", ready("False", also("Stalled", "True")), "Failed"},
		{"new, by the CRD's default", "{observedGeneration: -1}", "InProgress"},
		{"changed, and not yet seen", strings.Replace(ready("True", ""), "observedGeneration: 2", "observedGeneration: 1", 1), "InProgress"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines, sound := reportOn(t, cluster+c.status)

			if !sound || len(lines) != 1 || !strings.HasPrefix(lines[0], "0001-kafkacluster-events.yaml\t"+c.want+"\t") {
				t.Errorf("sound %t: %q", sound, lines)
			}
		})
	}
}

func TestBrokenRulesAreNamed(t *testing.T) {
	cases := []struct{ name, status, want string }{
		{"no observedGeneration", strings.Replace(ready("True", ""), "observedGeneration: 2, ", "", 1), "of which the operator has seen -1"},
		{"no status at all", "{}", "counts as Current"},
		{"ahead", strings.Replace(ready("True", ""), "observedGeneration: 2", "observedGeneration: 3", 1), "is ahead"},
		{"two of a type", ready("True", also("Ready", "True")), "two conditions of type Ready"},
		{"neither awake nor asleep", strings.ReplaceAll(ready("True", ""), "Ready", "Healthy"), "not one of Ready and Hibernating"},
		{"awake and asleep", ready("True", also("Hibernating", "True")), "not one of Ready and Hibernating"},
		{"no reason", strings.Replace(ready("True", ""), "reason: R, ", "", 1), "has no reason"},
		{"false and there", ready("True", also("Stalled", "False")), "should be absent"},
		{"both", ready("False", also("Stalled", "True")+also("Reconciling", "True")), "both Stalled and Reconciling"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines, sound := reportOn(t, cluster+c.status)

			if sound || !strings.Contains(strings.Join(lines, "\n"), "\tBROKEN\t") || !strings.Contains(strings.Join(lines, "\n"), c.want) {
				t.Errorf("sound %t: %q", sound, lines)
			}
		})
	}
}

func TestAnEmptyFolderIsAnError(t *testing.T) {
	if _, err := report(t.TempDir(), func(...string) {}); err == nil {
		t.Error("nothing recorded counts as sound")
	}
}

func reportOn(t *testing.T, object string) (lines []string, sound bool) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "0001-kafkacluster-events.yaml"), []byte(object), 0o600); err != nil {
		t.Fatal(err)
	}
	sound, err := report(dir, func(fields ...string) { lines = append(lines, line(fields)) })
	if err != nil {
		t.Fatal(err)
	}
	return lines, sound
}
