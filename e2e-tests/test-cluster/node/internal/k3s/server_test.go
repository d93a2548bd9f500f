package k3s

import (
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

func TestDisabledManifestsAreLeftOut(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"coredns.yaml", "local-storage.yaml", "notes.txt"} {
		write(t, dir, name, "")
	}

	files := manifests(dir, []string{"local-storage", "traefik"})

	if len(files) != 1 || filepath.Base(files[0]) != "coredns.yaml" {
		t.Errorf("got %v", files)
	}
}

func TestKubeletKeepsItsPodsInItsOwnCgroup(t *testing.T) {
	var config map[string]any
	if err := yaml.Unmarshal([]byte(kubeletConfig("/docker/a")), &config); err != nil {
		t.Fatal(err)
	}
	if config["cgroupRoot"] != "/docker/a" {
		t.Errorf("got %v", config["cgroupRoot"])
	}
}
