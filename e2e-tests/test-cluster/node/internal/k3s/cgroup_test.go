package k3s

import (
	"os"
	"path/filepath"
	"testing"
)

func TestCgroupIsThatOfTheMemoryController(t *testing.T) {
	cases := map[string]struct {
		text, path string
		unified    bool
	}{
		"v1":                       {"9:name=systemd:/docker/a\n4:memory:/docker/b\n1:cpu:/docker/a\n", "/docker/b", false},
		"v1, mounted together":     {"3:cpu,memory:/docker/b\n", "/docker/b", false},
		"hybrid":                   {"4:memory:/docker/b\n0::/system.slice\n", "/docker/b", false},
		"v2":                       {"0::/system.slice/docker-a.scope\n", "/system.slice/docker-a.scope", true},
		"v2, started again":        {"0::/system.slice/docker-a.scope/node\n", "/system.slice/docker-a.scope", true},
		"v2, own cgroup namespace": {"0::/\n", "/", true},
		"v2, own, started again":   {"0::/node\n", "/", true},
		"nothing known":            {"", "/", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path, unified := cgroupOf(c.text)
			if path != c.path || unified != c.unified {
				t.Errorf("got %s, unified %t", path, unified)
			}
		})
	}
}

func TestProcessesMoveToALeafSoThatPodsGetControllers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "cgroup.procs", "17\n")
	write(t, dir, "cgroup.controllers", "cpu memory pids\n")

	if err := giveControllersToChildren(dir); err != nil {
		t.Fatal(err)
	}

	if got := read(t, dir, "node/cgroup.procs"); got != "17" {
		t.Errorf("moved %q", got)
	}
	if got := read(t, dir, "cgroup.subtree_control"); got != "+cpu +memory +pids" {
		t.Errorf("enabled %q", got)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := writeFile(filepath.Join(dir, name), text); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
