package k3s

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

const (
	storageDir    = "/var/lib/rancher/k3s/storage"
	provisioner   = "rancher.io/local-path" // k3s' name for the same thing
	provisionedBy = "pv.kubernetes.io/provisioned-by"
	selectedNode  = "volume.kubernetes.io/selected-node"
	provisionerOf = "volume.kubernetes.io/storage-provisioner"
	hostnameLabel = "kubernetes.io/hostname"
)

// storage gives the claims of pods on this node a folder of this node, as local-path-provisioner does in k3s, and takes the folder
// away when its volume is released.
type storage struct {
	client    kubernetes.Interface
	node, dir string
}

// run looks at all claims and volumes whenever one of them changed, and every few seconds in case something failed.
func (s storage) run(ctx context.Context) {
	factory := informers.NewSharedInformerFactory(s.client, 0)
	claims, volumes := factory.Core().V1().PersistentVolumeClaims(), factory.Core().V1().PersistentVolumes()
	changed := make(chan struct{}, 1)
	signal := func(any) {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	handler := cache.ResourceEventHandlerFuncs{AddFunc: signal, UpdateFunc: func(_, o any) { signal(o) }}
	claims.Informer().AddEventHandler(handler)
	volumes.Informer().AddEventHandler(handler)
	factory.Start(ctx.Done())
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-changed:
		case <-time.After(5 * time.Second):
		}
		known, _ := claims.Lister().List(labels.Everything())
		for _, claim := range known {
			if s.waits(claim) {
				report("provide for claim "+claim.Namespace+"/"+claim.Name, s.provide(ctx, claim))
			}
		}
		existing, _ := volumes.Lister().List(labels.Everything())
		for _, volume := range existing {
			if s.released(volume) {
				report("remove volume "+volume.Name, s.remove(ctx, volume))
			}
		}
	}
}

func report(what string, err error) {
	if err != nil {
		log.Printf("%s: %v", what, err)
	}
}

// waits says whether a claim is for this node to serve.
func (s storage) waits(claim *corev1.PersistentVolumeClaim) bool {
	return claim.Spec.VolumeName == "" && claim.DeletionTimestamp == nil &&
		claim.Annotations[provisionerOf] == provisioner && claim.Annotations[selectedNode] == s.node
}

// released says whether a volume is for this node to remove.
func (s storage) released(volume *corev1.PersistentVolume) bool {
	return volume.Annotations[provisionedBy] == provisioner && volume.Status.Phase == corev1.VolumeReleased &&
		volume.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete &&
		volume.Spec.HostPath != nil && strings.HasPrefix(volume.Spec.HostPath.Path, s.dir+"/") && nodeOf(volume) == s.node
}

func nodeOf(volume *corev1.PersistentVolume) string {
	affinity := volume.Spec.NodeAffinity
	if affinity == nil || affinity.Required == nil {
		return ""
	}
	for _, term := range affinity.Required.NodeSelectorTerms {
		for _, expression := range term.MatchExpressions {
			if expression.Key == hostnameLabel && len(expression.Values) == 1 {
				return expression.Values[0]
			}
		}
	}
	return ""
}

func (s storage) provide(ctx context.Context, claim *corev1.PersistentVolumeClaim) error {
	class, err := s.client.StorageV1().StorageClasses().Get(ctx, *claim.Spec.StorageClassName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	name := "pvc-" + string(claim.UID)
	path := filepath.Join(s.dir, strings.Join([]string{name, claim.Namespace, claim.Name}, "_"))
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o777); err != nil { // whatever user a pod runs as; nobody chowns such a volume for it
		return err
	}
	directory := corev1.HostPathDirectoryOrCreate
	volume := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: provisioner}},
		Spec: corev1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *class.ReclaimPolicy,
			StorageClassName:              class.Name,
			AccessModes:                   claim.Spec.AccessModes,
			VolumeMode:                    claim.Spec.VolumeMode,
			Capacity:                      claim.Spec.Resources.Requests,
			ClaimRef: &corev1.ObjectReference{Kind: "PersistentVolumeClaim", APIVersion: "v1",
				Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID, ResourceVersion: claim.ResourceVersion},
			PersistentVolumeSource: corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path, Type: &directory}},
			NodeAffinity: &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
				MatchExpressions: []corev1.NodeSelectorRequirement{
					{Key: hostnameLabel, Operator: corev1.NodeSelectorOpIn, Values: []string{s.node}}}}}}},
		},
	}
	if _, err := s.client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create volume: %w", err)
	}
	return nil
}

func (s storage) remove(ctx context.Context, volume *corev1.PersistentVolume) error {
	if err := os.RemoveAll(volume.Spec.HostPath.Path); err != nil {
		return err
	}
	err := s.client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &volume.UID}})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
