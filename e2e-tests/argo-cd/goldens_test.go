package argocd

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The objects of the tests have statuses that the operator writes: their first line names the golden file, and what they have of
// it is what is there.
func TestObjectsAreAsTheOperatorWritesThem(t *testing.T) {
	for _, file := range filesBelow(t, customizations) {
		if filepath.Base(filepath.Dir(file)) != "testdata" {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			line, _, _ := strings.Cut(read(t, file), "\n")
			source, named := strings.CutPrefix(line, "# status: ")
			if !named {
				t.Fatalf("%s does not begin with '# status: ', and where that is from", file)
			}
			golden := object{"observedGeneration": -1.0}
			if source != "as the CRD has it by default" {
				golden = load(t, filepath.Join(goldens, source, "status.yaml"))
			}
			if status := load(t, file)["status"]; !isPartOf(status, golden) {
				t.Errorf("%v\nis not part of what the operator writes:\n%v", status, golden)
			}
		})
	}
}

// Whatever the operator says: Argo CD makes something of it, and nothing better than it is.
func TestEveryStatusHasAHealth(t *testing.T) {
	for kind, folder := range map[string]string{"KafkaCluster": "loop", "KafkaTopic": "topic"} {
		files, err := filepath.Glob(filepath.Join(goldens, folder, "*", "status.yaml"))
		if err != nil || len(files) < 10 {
			t.Fatalf("%d golden files in %s (%v)", len(files), folder, err)
		}
		for _, file := range files {
			t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
				status := load(t, file)
				got := healthOf(t, kind, withStatus(status))
				if got.Message == "" || !slices.Contains([]string{"Healthy", "Progressing", "Suspended", "Degraded"}, got.Status) {
					t.Errorf("is %+v", got)
				}
				if expected := expectation(status); expected != "" && got.Status != expected {
					t.Errorf("is %+v, should be %s", got, expected)
				}
			})
		}
	}
}

// What the golden files do not have, made of what they have.
func TestWhatIsSeldom(t *testing.T) {
	cases := []struct {
		name, golden string
		change       func(conditions []object) []object
		want         health
	}{
		{"partitions without a leader, and nothing to be done", "offline-partition",
			func(all []object) []object { return without(all, "Reconciling") },
			health{"Degraded", "1 partitions have no leader"}},
		{"a node is down, others stand in for it", "rolling",
			func(all []object) []object { return without(all, "Reconciling") },
			health{"Healthy", "broker 1 (events-brokers-1) not in service"}},
		{"not serving, and nothing to be done", "being-created",
			func(all []object) []object { return without(all, "Reconciling") },
			health{"Degraded", "broker 0 (events-brokers-0) has no pod yet"}},
		{"not known", "kafka-unreachable",
			func(all []object) []object { return without(all, "Reconciling") },
			health{"Progressing", "Kafka does not answer: timed out"}},
		{"seen, and nothing said", "created",
			func([]object) []object { return nil },
			health{"Progressing", "nothing is known yet"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status := load(t, filepath.Join(goldens, "loop", c.golden, "status.yaml"))
			status["conditions"] = anyOf(c.change(conditions(status)))
			if got := healthOf(t, "KafkaCluster", withStatus(status)); got != c.want {
				t.Errorf("is %+v\nshould be %+v", got, c.want)
			}
		})
	}
}

func withStatus(status object) object {
	return object{"metadata": object{"generation": status["observedGeneration"]}, "status": status}
}

// expectation is empty where a state does not follow from one condition alone.
func expectation(status object) string {
	switch {
	case has(status, "Paused"): // by the annotation, which is not in the status
		return ""
	case has(status, "Stalled"):
		return "Degraded"
	case has(status, "Reconciling"):
		return "Progressing"
	case has(status, "Held"):
		return ""
	case has(status, "Hibernating"):
		return "Healthy"
	case has(status, "Ready"):
		return "Healthy"
	}
	return "Degraded"
}

func conditions(status object) (all []object) {
	list, _ := status["conditions"].([]any)
	for _, item := range list {
		all = append(all, item.(object))
	}
	return all
}

func has(status object, kind string) bool {
	for _, c := range conditions(status) {
		if c["type"] == kind && c["status"] == "True" {
			return true
		}
	}
	return false
}

func without(all []object, kind string) (others []object) {
	for _, c := range all {
		if c["type"] != kind {
			others = append(others, c)
		}
	}
	return others
}

func anyOf(objects []object) (list []any) {
	for _, item := range objects {
		list = append(list, item)
	}
	return list
}

// isPartOf is true if the whole has all fields of the part, to the last item of its lists.
func isPartOf(part, whole any) bool {
	switch wanted := part.(type) {
	case object:
		fields, ok := whole.(object)
		for key, value := range wanted {
			ok = ok && isPartOf(value, fields[key])
		}
		return ok
	case []any:
		items, ok := whole.([]any)
		ok = ok && len(items) == len(wanted)
		for i := 0; ok && i < len(wanted); i++ {
			ok = isPartOf(wanted[i], items[i])
		}
		return ok
	}
	return reflect.DeepEqual(part, whole)
}
