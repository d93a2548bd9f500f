package k3s

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
)

func TestAuthorityOutlivesARestart(t *testing.T) {
	dir := t.TempDir()
	first, err := openAuthority(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.issue("admin", "system:admin", "system:masters"); err != nil {
		t.Fatal(err)
	}

	second, err := openAuthority(dir)

	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(second.cert)
	if _, err := certificate(t, dir, "admin").Verify(x509.VerifyOptions{Roots: roots}); err != nil {
		t.Errorf("what it signed before is not trusted any more: %v", err)
	}
}

func TestCertificateNamesWhoAndWhere(t *testing.T) {
	dir := t.TempDir()
	ca, err := openAuthority(dir)
	if err != nil {
		t.Fatal(err)
	}

	if err := ca.issue("apiserver", "kube-apiserver", "system:masters", "localhost", "10.43.0.1"); err != nil {
		t.Fatal(err)
	}

	cert := certificate(t, dir, "apiserver")
	if cert.Subject.CommonName != "kube-apiserver" || cert.Subject.Organization[0] != "system:masters" {
		t.Errorf("who: %v", cert.Subject)
	}
	for _, host := range []string{"localhost", "10.43.0.1"} {
		if err := cert.VerifyHostname(host); err != nil {
			t.Error(err)
		}
	}
}

func TestKubeconfigIsUsableAndPrivate(t *testing.T) {
	dir := t.TempDir()
	ca, err := openAuthority(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := ca.issue("admin", "system:admin", "system:masters"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "admin.kubeconfig")

	if err := ca.kubeconfig("admin", path, "https://127.0.0.1:6443"); err != nil {
		t.Fatal(err)
	}

	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://127.0.0.1:6443" || len(config.CertData) == 0 || len(config.KeyData) == 0 {
		t.Errorf("got %v", config)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func certificate(t *testing.T, dir, name string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf
}
