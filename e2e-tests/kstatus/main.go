// Command kstatus says what those who wait for a resource by kstatus (Flux, Helm, kpt) make of it, for every recorded version of
// our resources, and whether that contradicts what the resource itself says.
//
//	kstatus FOLDER
//
// FOLDER holds files NNNN-<kind>-<name>.yaml, one object each, as the API server gave it, numbered in the order they were seen. One
// line is printed for each: file, status, message, separated by tabs. A broken rule is a line "file, BROKEN, rule", and the exit
// code is then 1.
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: kstatus FOLDER")
		os.Exit(2)
	}
	out := bufio.NewWriter(os.Stdout)
	sound, err := report(os.Args[1], func(fields ...string) { fmt.Fprintln(out, line(fields)) })
	out.Flush()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !sound {
		os.Exit(1)
	}
}

// line has nothing in a field that could be taken for the end of one.
func line(fields []string) string {
	for i, field := range fields {
		fields[i] = strings.Join(strings.Fields(field), " ")
	}
	return strings.Join(fields, "\t")
}

// report prints what is to be said of every file, and returns whether no rule was broken.
func report(folder string, print func(...string)) (sound bool, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return false, fmt.Errorf("no *.yaml in %q (%v)", folder, err)
	}
	sound = true
	for _, file := range files {
		object, err := read(file)
		if err != nil {
			return false, fmt.Errorf("%s: %w", file, err)
		}
		result, err := status.Compute(object)
		if err != nil {
			return false, fmt.Errorf("%s: %w", file, err)
		}
		name := filepath.Base(file)
		print(name, string(result.Status), result.Message)
		for _, rule := range rules {
			if broken := rule(object, result.Status); broken != "" {
				print(name, "BROKEN", broken)
				sound = false
			}
		}
	}
	return sound, nil
}

func read(file string) (*unstructured.Unstructured, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	json, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	object := &unstructured.Unstructured{}
	return object, object.UnmarshalJSON(json)
}
