{{/* A ValidatingAdmissionPolicy, of name, resources, operations and spec (its rules, as YAML), and its binding. */}}
{{- define "castellan.policy" }}
{{- $name := printf "%s-%s" (include "castellan.name" .root) .name }}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {{ $name }}
  labels: {{- include "castellan.labels" .root | nindent 4 }}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [castellan.dev]
        apiVersions: [v1beta1]
        resources: [{{ join ", " .resources }}]
        operations: [{{ join ", " .operations }}]
  {{- .spec | nindent 2 }}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ $name }}
  labels: {{- include "castellan.labels" .root | nindent 4 }}
spec:
  policyName: {{ $name }}
  validationActions: [{{ .root.Values.policies.action }}]
  {{- with .root.Values.policies.namespaceSelector }}
  matchResources:
    namespaceSelector: {{- toYaml . | nindent 6 }}
  {{- end }}
{{- end }}

{{/* Of name and spec. */}}
{{- define "castellan.topicPolicy" }}
{{- include "castellan.policy" (merge . (dict "resources" (list "kafkatopics") "operations" (list "CREATE" "UPDATE"))) }}
{{- end }}

{{- define "castellan.namesRule" -}}
variables:
  - name: field
    expression: "has(object.spec.topicName) ? 'spec.topicName' : 'metadata.name'"
  - name: topic
    expression: object.spec.?topicName.orValue(object.metadata.name)
  - name: prefixes
    expression: {{ .prefixes | quote }}
validations:
  - expression: variables.prefixes.exists(prefix, variables.topic.startsWith(prefix))
    messageExpression: >-
      variables.field + ' is ' + variables.topic + ': names of topics of namespace ' + object.metadata.namespace +
      ' begin with ' + variables.prefixes.join(' or ') + '; choose such a name, for example ' +
      variables.prefixes[0] + variables.topic
    reason: Forbidden
{{- end }}

{{/*
A number of a topic: what is not declared, or is no number and so refused by Kafka, is let in; and so is what was there before,
since a topic that breaks a rule made later must be able to change in all else, and to be deleted. (Without dyn, the default would
make the value a text to CEL's type checker, and a number an error.)
*/}}
{{- define "castellan.boundsRule" -}}
variables:
  - name: is
    expression: "string(dyn(object).{{ .value }}.orValue(dyn('')))"
  - name: was
    expression: "string(optional.ofNonZeroValue(dyn(oldObject)).?{{ .value }}.orValue(dyn('')))"
  - name: number
    expression: "variables.is.matches('^-?[0-9]{1,18}$') ? optional.of(int(variables.is)) : optional.none()"
  - name: asked
    expression: variables.number.hasValue() && variables.is != variables.was
validations:
  {{- with .bounds.min }}
  - expression: "!variables.asked || variables.number.value() >= {{ include "castellan.bound" (dict "bound" . "isTime" $.isTime) }}{{ if $.isTime }} || variables.number.value() < 0{{ end }}"
    messageExpression: >-
      '{{ $.field }} is ' + variables.is + ', and must be at least {{ include "castellan.boundInWords" (dict "bound" . "isTime" $.isTime) }} here: raise it'
    reason: Forbidden
  {{- end }}
  {{- with .bounds.max }}
  - expression: "!variables.asked || variables.number.value() <= {{ include "castellan.bound" (dict "bound" . "isTime" $.isTime) }}{{ if $.isTime }} && variables.number.value() >= 0{{ end }}"
    messageExpression: >-
      '{{ $.field }} is ' + variables.is + {{ if $.isTime }}(variables.number.value() < 0 ? ', for ever' : '') + {{ end -}}
      ', and must be at most {{ include "castellan.boundInWords" (dict "bound" . "isTime" $.isTime) }} here: lower it'
    reason: Forbidden
  {{- end }}
{{- end }}

{{/* A bound as Kafka has it: a time such as 7d in milliseconds. */}}
{{- define "castellan.bound" -}}
{{- if .isTime -}}
{{- $unit := .bound | trunc -1 -}}
{{- mul (trimSuffix $unit .bound | int64) (get (dict "s" 1000 "m" 60000 "h" 3600000 "d" 86400000) $unit) -}}
{{- else -}}
{{- .bound | int64 -}}
{{- end -}}
{{- end }}

{{- define "castellan.boundInWords" -}}
{{- include "castellan.bound" . }}{{ if .isTime }} ({{ .bound }}){{ end -}}
{{- end }}

{{- define "castellan.deletionPoliciesRule" -}}
variables:
  - name: is
    expression: dyn(object).spec.?deletionPolicy.orValue('Retain')
  - name: was
    expression: optional.ofNonZeroValue(dyn(oldObject)).?spec.?deletionPolicy.orValue('Retain')
validations:
  - expression: "variables.is in {{ toJson . | replace "\"" "'" }} || (request.operation == 'UPDATE' && variables.is == variables.was)"
    messageExpression: >-
      'spec.deletionPolicy is ' + variables.is + ', and must be {{ join " or " . }} here'
    reason: Forbidden
{{- end }}

{{/* A namespace that is being deleted must not hang on this. */}}
{{- define "castellan.deletionRule" -}}
validations:
  - expression: >-
      oldObject.metadata.?annotations[?'{{ .unlessAnnotated }}'].orValue('') == 'true' ||
      has(namespaceObject.metadata.deletionTimestamp)
    messageExpression: >-
      request.kind.kind + ' ' + oldObject.metadata.namespace + '/' + oldObject.metadata.name +
      ' may not be deleted: annotate it with {{ .unlessAnnotated }}=true first'
    reason: Forbidden
{{- end }}
