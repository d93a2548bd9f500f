package k3s

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// forwardTo listens on this node and passes connections on to the API server. So kubelet and kube-proxy
// find it under an address that its certificate names, whatever name or address the agent was told.
func forwardTo(ctx context.Context, address, server string) (string, error) {
	parsed, err := url.Parse(server)
	if err != nil || parsed.Host == "" {
		return "", fmt.Errorf("URL of the server (--server or K3S_URL): %q", server)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { listener.Close() })
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer from.Close()
				to, err := net.DialTimeout("tcp", parsed.Host, 5*time.Second)
				if err != nil {
					return
				}
				defer to.Close()
				go func() {
					defer to.Close()
					io.Copy(to, from)
				}()
				io.Copy(from, to)
			}()
		}
	}()
	return "https://" + listener.Addr().String(), nil
}

// joinPodNetwork waits for this node's range of pod addresses and tells the CNI about it.
func joinPodNetwork(ctx context.Context, client kubernetes.Interface, name string) error {
	var node *corev1.Node
	for {
		var err error
		if node, err = client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{}); err == nil && node.Spec.PodCIDR != "" {
			break
		}
		if !sleep(ctx, 200*time.Millisecond) {
			return ctx.Err()
		}
	}
	conf := fmt.Sprintf(`{"cniVersion":"0.4.0","name":"pods","plugins":[
 {"type":"bridge","bridge":"cni0","isGateway":true,"hairpinMode":true,"mtu":1450,
  "ipam":{"type":"host-local","ranges":[[{"subnet":%q}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}`, node.Spec.PodCIDR)
	if err := writeFile(cniDir+"/10-pods.conflist", conf); err != nil {
		return err
	}
	if err := command(ctx, "iptables", "-t", "nat", "-A", "POSTROUTING", "-s", podCIDR, "!", "-d", podCIDR, "-j", "MASQUERADE"); err != nil {
		return err
	}
	return keepInside(ctx)
}

// keepInside refuses what goes to an address that no Service and no pod has, or has any more. It would leave
// by the default route, and whatever answers out there is not Kafka: a client took the first bytes of a
// proxy's answer for the length of a response, and its memory was gone.
func keepInside(ctx context.Context) error {
	for _, chain := range []string{"FORWARD", "OUTPUT"} {
		if err := command(ctx, "iptables", "-A", chain, "-d", serviceCIDR, "-j", "REJECT"); err != nil {
			return err
		}
	}
	return command(ctx, "ip", "route", "replace", "unreachable", podCIDR)
}

// keepRoutes holds one route for each other node's pods until ctx ends.
func keepRoutes(ctx context.Context, client kubernetes.Interface, name string) error {
	for {
		nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			log.Printf("list nodes: %v", err)
		} else {
			for _, r := range routesTo(nodes.Items, name) {
				if err := command(ctx, "ip", "route", "replace", r.pods, "via", r.node); err != nil {
					log.Print(err)
				}
			}
		}
		if !sleep(ctx, time.Second) {
			return nil
		}
	}
}

// route leads to a node's range of pod addresses.
type route struct{ pods, node string }

// routesTo are the routes to the pods of all nodes but the named one.
func routesTo(nodes []corev1.Node, own string) []route {
	var routes []route
	for _, node := range nodes {
		for _, address := range node.Status.Addresses {
			if node.Name != own && node.Spec.PodCIDR != "" && address.Type == corev1.NodeInternalIP {
				routes = append(routes, route{node.Spec.PodCIDR, address.Address})
			}
		}
	}
	return routes
}

// nodeIP is the address that the container engine gave this node.
func nodeIP() (string, error) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return "", err
	}
	for _, address := range addresses {
		if ip, ok := address.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			return ip.IP.String(), nil
		}
	}
	return "", errors.New("no IPv4 address but loopback")
}
