package k3s

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
)

var deleteWhenReleased = corev1.PersistentVolumeReclaimDelete

func localPath() *storagev1.StorageClass {
	return &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "local-path"}, Provisioner: provisioner, ReclaimPolicy: &deleteWhenReleased}
}

func claimOn(node string) *corev1.PersistentVolumeClaim {
	class := "local-path"
	return &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Namespace: "kafka", Name: "data-0", UID: "17",
			Annotations: map[string]string{provisionerOf: provisioner, selectedNode: node}},
		Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: &class},
	}
}

func TestClaimOfThisNodeGetsAFolderThatAnyUserMayWrite(t *testing.T) {
	client := fake.NewClientset(localPath(), claimOn("test-1"))
	dir := t.TempDir()

	serve(t, storage{client, "test-1", dir})

	volume := eventually(t, func() *corev1.PersistentVolume {
		volume, err := client.CoreV1().PersistentVolumes().Get(t.Context(), "pvc-17", metav1.GetOptions{})
		if err != nil {
			return nil
		}
		return volume
	})
	if nodeOf(volume) != "test-1" || volume.Spec.ClaimRef.Name != "data-0" || volume.Spec.PersistentVolumeReclaimPolicy != deleteWhenReleased {
		t.Errorf("got %v", volume.Spec)
	}
	info, err := os.Stat(volume.Spec.HostPath.Path)
	if err != nil || info.Mode().Perm() != 0o777 || filepath.Dir(volume.Spec.HostPath.Path) != dir {
		t.Errorf("%v, %v", info, err)
	}
}

func TestClaimIsNotForThisNode(t *testing.T) {
	s := storage{nil, "test-1", "/storage"}
	other, bound, foreign := claimOn("test-2"), claimOn("test-1"), claimOn("test-1")
	bound.Spec.VolumeName = "pvc-17"
	foreign.Annotations[provisionerOf] = "other"
	for name, claim := range map[string]*corev1.PersistentVolumeClaim{"another node's": other, "bound": bound, "another provisioner's": foreign} {
		if s.waits(claim) {
			t.Errorf("%s claim would be served", name)
		}
	}
}

func TestReleasedVolumeGoesWithItsFolder(t *testing.T) {
	dir := t.TempDir()
	client := fake.NewClientset(localPath())
	s := storage{client, "test-1", dir}
	if err := s.provide(t.Context(), claimOn("test-1")); err != nil {
		t.Fatal(err)
	}
	volume, _ := client.CoreV1().PersistentVolumes().Get(t.Context(), "pvc-17", metav1.GetOptions{})
	if s.released(volume) {
		t.Error("a volume in use would be removed")
	}
	volume.Status.Phase = corev1.VolumeReleased
	if _, err := client.CoreV1().PersistentVolumes().Update(t.Context(), volume, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}

	serve(t, s)

	eventually(t, func() *bool {
		_, err := os.Stat(volume.Spec.HostPath.Path)
		gone := os.IsNotExist(err)
		if volumes, _ := client.CoreV1().PersistentVolumes().List(t.Context(), metav1.ListOptions{}); !gone || len(volumes.Items) > 0 {
			return nil
		}
		return &gone
	})
}

func TestVolumeOfAnotherNodeOrToBeKeptStays(t *testing.T) {
	dir := t.TempDir()
	client := fake.NewClientset(localPath())
	if err := (storage{client, "test-1", dir}).provide(t.Context(), claimOn("test-1")); err != nil {
		t.Fatal(err)
	}
	volume, _ := client.CoreV1().PersistentVolumes().Get(t.Context(), "pvc-17", metav1.GetOptions{})
	volume.Status.Phase = corev1.VolumeReleased

	if (storage{client, "test-2", dir}).released(volume) {
		t.Error("another node would remove it")
	}
	volume.Spec.PersistentVolumeReclaimPolicy = corev1.PersistentVolumeReclaimRetain
	if (storage{client, "test-1", dir}).released(volume) {
		t.Error("a volume to be kept would be removed")
	}
}

// serve runs it until the test ends, and no longer: not into the removal of the test's folder.
func serve(t *testing.T, s storage) {
	ended := make(chan struct{})
	go func() {
		s.run(t.Context())
		close(ended)
	}()
	t.Cleanup(func() { <-ended })
}

// eventually asks until there is an answer.
func eventually[T any](t *testing.T, ask func() *T) *T {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if answer := ask(); answer != nil {
			return answer
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("not within 10 s")
	return nil
}
