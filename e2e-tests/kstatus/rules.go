package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

// rules are what must hold for every version of a resource's status that anyone could see. Each returns what is wrong, or nothing.
var rules = []func(*unstructured.Unstructured, status.Status) string{
	notCurrentBeforeItIsObserved,
	atMostOneConditionOfAType,
	conditionsAreComplete,
	abnormalConditionsAreAbsentWhenFalse,
	readyMeansCurrentUnlessWorkIsGoingOn,
	stalledAndReconcilingExcludeEachOther,
	observedGenerationIsNotAhead,
}

type condition map[string]any

func (c condition) text(field string) string {
	text, _ := c[field].(string)
	return text
}

func conditions(object *unstructured.Unstructured) []condition {
	list, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	var found []condition
	for _, item := range list {
		if c, ok := item.(map[string]any); ok {
			found = append(found, c)
		}
	}
	return found
}

func is(object *unstructured.Unstructured, kind, value string) bool {
	for _, c := range conditions(object) {
		if c.text("type") == kind {
			return c.text("status") == value
		}
	}
	return false
}

// observed is the generation that the status is about; a status that does not say counts as about none.
func observed(object *unstructured.Unstructured) int64 {
	generation, found, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	if !found {
		return -1
	}
	return generation
}

func notCurrentBeforeItIsObserved(object *unstructured.Unstructured, s status.Status) string {
	if s == status.CurrentStatus && observed(object) != object.GetGeneration() {
		return fmt.Sprintf("counts as Current at generation %d, of which the operator has seen %d", object.GetGeneration(), observed(object))
	}
	return ""
}

func observedGenerationIsNotAhead(object *unstructured.Unstructured, _ status.Status) string {
	if observed(object) > object.GetGeneration() {
		return fmt.Sprintf("observedGeneration %d is ahead of generation %d", observed(object), object.GetGeneration())
	}
	return ""
}

func atMostOneConditionOfAType(object *unstructured.Unstructured, _ status.Status) string {
	seen := map[string]bool{}
	for _, c := range conditions(object) {
		if seen[c.text("type")] {
			return "two conditions of type " + c.text("type")
		}
		seen[c.text("type")] = true
	}
	if len(seen) > 0 && seen["Ready"] == seen["Hibernating"] {
		return "conditions, but not one of Ready and Hibernating"
	}
	return ""
}

func conditionsAreComplete(object *unstructured.Unstructured, _ status.Status) string {
	for _, c := range conditions(object) {
		for _, field := range []string{"type", "status", "reason", "lastTransitionTime"} {
			if c.text(field) == "" {
				return fmt.Sprintf("condition %s has no %s", c.text("type"), field)
			}
		}
	}
	return ""
}

func abnormalConditionsAreAbsentWhenFalse(object *unstructured.Unstructured, _ status.Status) string {
	for _, kind := range []string{"Reconciling", "Stalled"} {
		if is(object, kind, "False") {
			return kind + " is False; it should be absent"
		}
	}
	return ""
}

func stalledAndReconcilingExcludeEachOther(object *unstructured.Unstructured, _ status.Status) string {
	if is(object, "Stalled", "True") && is(object, "Reconciling", "True") {
		return "both Stalled and Reconciling"
	}
	return ""
}

func readyMeansCurrentUnlessWorkIsGoingOn(object *unstructured.Unstructured, s status.Status) string {
	settled := observed(object) == object.GetGeneration() && object.GetDeletionTimestamp() == nil &&
		!is(object, "Reconciling", "True") && !is(object, "Stalled", "True")
	asDeclared := is(object, "Ready", "True") || is(object, "Hibernating", "True")
	if settled && asDeclared != (s == status.CurrentStatus) {
		return fmt.Sprintf("nothing is going on, it is as declared: %t, and yet kstatus says %s", asDeclared, s)
	}
	return ""
}
