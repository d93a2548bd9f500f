package k3s

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestConnectionsArePassedOnToTheServer(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go func() {
		connection, err := server.Accept()
		if err != nil {
			return
		}
		io.Copy(connection, connection)
		connection.Close()
	}()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()

	local, err := forwardTo(ctx, "127.0.0.1:0", "https://"+server.Addr().String())

	if err != nil {
		t.Fatal(err)
	}
	connection, err := net.Dial("tcp", strings.TrimPrefix(local, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	connection.Write([]byte("hello"))
	answer := make([]byte, 5)
	if _, err := io.ReadFull(connection, answer); err != nil || string(answer) != "hello" {
		t.Errorf("answer %q, %v", answer, err)
	}
}

func TestServerMustBeAURL(t *testing.T) {
	for _, server := range []string{"", "test-1:6443"} {
		if _, err := forwardTo(t.Context(), "127.0.0.1:0", server); err == nil {
			t.Errorf("%q was accepted", server)
		}
	}
}

func TestRoutesLeadToThePodsOfEveryOtherNode(t *testing.T) {
	nodes := []corev1.Node{node("own", "10.42.0.0/24", "172.18.0.2"), node("other", "10.42.1.0/24", "172.18.0.3"), node("new", "", "172.18.0.4")}

	routes := routesTo(nodes, "own")

	if len(routes) != 1 || routes[0] != (route{"10.42.1.0/24", "172.18.0.3"}) {
		t.Errorf("got %v", routes)
	}
}

func node(name, podCIDR, ip string) corev1.Node {
	return corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       corev1.NodeSpec{PodCIDR: podCIDR},
		Status: corev1.NodeStatus{Addresses: []corev1.NodeAddress{
			{Type: corev1.NodeHostName, Address: name}, {Type: corev1.NodeInternalIP, Address: ip}}},
	}
}
