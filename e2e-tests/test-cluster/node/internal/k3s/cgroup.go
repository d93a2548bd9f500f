package k3s

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const cgroupMount = "/sys/fs/cgroup"

// ownCgroup is this container's cgroup, made ready to hold pods. Nodes on one machine share the host's tree, and would tidy up
// each other's pods if they all kept them at its root.
func ownCgroup() (string, error) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "", err
	}
	path, unified := cgroupOf(string(text))
	if !unified {
		return path, nil
	}
	return path, giveControllersToChildren(filepath.Join(cgroupMount, path))
}

// cgroupOf reads /proc/PID/cgroup: the path in the hierarchy that limits memory, and whether that is the unified one (v2).
func cgroupOf(text string) (path string, unified bool) {
	path, unified = "/", true
	for _, line := range strings.Split(text, "\n") {
		fields := strings.SplitN(line, ":", 3)
		if len(fields) != 3 {
			continue
		}
		if fields[0] == "0" && unified { // a hybrid host has this line too, with no controllers in it
			path = fields[2]
		}
		for _, controller := range strings.Split(fields[1], ",") {
			if controller == "memory" {
				path, unified = fields[2], false
			}
		}
	}
	// A node that started again reads the leaf that its last start moved it to.
	return filepath.Clean("/" + strings.TrimSuffix(path, "/"+leaf)), unified
}

const leaf = "node"

// giveControllersToChildren moves the processes of a v2 cgroup to a leaf of their own: only a cgroup without processes may
// share its controllers among its children, the pods.
func giveControllersToChildren(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, leaf), 0o755); err != nil {
		return err
	}
	processes, err := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
	if err != nil {
		return err
	}
	for _, process := range strings.Fields(string(processes)) {
		err := os.WriteFile(filepath.Join(dir, leaf, "cgroup.procs"), []byte(process), 0o644)
		if err != nil && !errors.Is(err, syscall.ESRCH) { // it may have ended meanwhile
			return fmt.Errorf("move process %s: %w", process, err)
		}
	}
	controllers, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
	if err != nil {
		return err
	}
	var enable []string
	for _, controller := range strings.Fields(string(controllers)) {
		enable = append(enable, "+"+controller)
	}
	return os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte(strings.Join(enable, " ")), 0o644)
}
