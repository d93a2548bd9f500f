{{/* Name of all objects: castellan, or castellan-<release> for a release of another name. */}}
{{- define "castellan.name" -}}
{{- if eq .Release.Name "castellan" -}}castellan{{- else -}}{{ printf "castellan-%s" (trimPrefix "castellan-" .Release.Name) | trunc 52 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "castellan.selector" -}}
app.kubernetes.io/name: castellan
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "castellan.labels" -}}
{{ include "castellan.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "castellan.image" -}}
{{- with .Values.image.registry }}{{ . }}/{{ end }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* What the operator may do where it looks after clusters. Small on purpose: a test counts it. */}}
{{/* Where the disks of a broker that is down lie, and whether that Kubernetes node is still there. */}}
{{- define "castellan.hostRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list]
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [get]
{{- end -}}
{{- define "castellan.rules" -}}
- apiGroups: [castellan.dev]
  resources: [kafkaclusters]
  verbs: [get, list, watch]
- apiGroups: [castellan.dev]
  # patch: only for the finalizer of topics that are to be deleted in Kafka
  resources: [kafkatopics]
  verbs: [get, list, watch, patch]
- apiGroups: [castellan.dev]
  resources: [kafkaclusters/status, kafkatopics/status]
  verbs: [patch]
- apiGroups: [castellan.dev]
  # to own what it makes for a cluster, where the API server guards ownership (OpenShift)
  resources: [kafkaclusters/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [configmaps, services, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, delete]
- apiGroups: [""]
  # other CPU and memory for pods that run, and nothing else of them
  resources: [pods/resize]
  verbs: [patch]
- apiGroups: [""]
  # patch: to hand volumes to a cluster that shall take them with it, and to let them grow; delete: only those on a Kubernetes node that is gone
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, patch{{ if .Values.healing.install }}, delete{{ end }}]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}
