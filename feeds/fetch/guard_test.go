package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"finews.withounder.com/feeds"
)

// listening is a listener that counts who connects.
func listening(t *testing.T, address string) (net.Listener, *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this machine does not listen on %s: %v", address, err)
	}
	t.Cleanup(func() { listener.Close() })
	count := &atomic.Int64{}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, document) })}
	server.SetKeepAlivesEnabled(false)
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			count.Add(1)
		}
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return listener, count
}

func allowing(prefixes ...string) func(*Options) {
	return func(o *Options) {
		o.Network.AllowPrivate = nil
		for _, p := range prefixes {
			o.Network.AllowPrivate = append(o.Network.AllowPrivate, netip.MustParsePrefix(p))
		}
	}
}

func TestFault11BlockedAddresses(t *testing.T) {
	guard := newGuard(nil, nil)
	for _, line := range lines(t, "testdata/blocked.txt") {
		address, why, _ := strings.Cut(line, " ")
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		var refused *blocked
		if err := guard.control(context.Background(), network, address, true); !errors.As(err, &refused) {
			t.Errorf("%s (%s) may be dialled: %v", address, why, err)
		}
	}
	for _, address := range []string{"8.8.8.8:80", "114.114.114.114:443", "[2606:4700::1111]:443"} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if err := guard.control(context.Background(), network, address, true); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestFault11NothingReachesAPrivateServer(t *testing.T) {
	listener, count := listening(t, "127.0.0.1:0")
	client := newClient(t, allowing())
	_, err := get(client, "http://"+listener.Addr().String()+"/rss.xml")
	wantFailure(t, err, phaseGuard, "127.0.0.1", "allow_private")

	// A redirect gets no further: 127.0.0.2 may be dialled, 127.0.0.1 may not.
	moved, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skipf("this machine does not listen on 127.0.0.2: %v", err)
	}
	server := &http.Server{Handler: http.RedirectHandler("http://"+listener.Addr().String()+"/", http.StatusFound)}
	go server.Serve(moved)
	defer server.Close()
	_, err = get(newClient(t, allowing("127.0.0.2/32")), "http://"+moved.Addr().String()+"/")
	wantFailure(t, err, phaseGuard, "127.0.0.1")
	if n := count.Load(); n != 0 {
		t.Errorf("%d connections at the private server, want 0", n)
	}
}

func TestFault12Rebinding(t *testing.T) {
	good, _ := listening(t, "127.0.0.2:0")
	_, port, _ := net.SplitHostPort(good.Addr().String())
	_, count := listening(t, "127.0.0.1:"+port)
	var answer atomic.Value
	answer.Store("127.0.0.2")
	client := newClient(t, allowing("127.0.0.2/32"), func(o *Options) {
		o.Resolver = resolver(t, func(string) (int, string) { return 0, answer.Load().(string) })
	})
	address := "http://county.example.:" + port + "/"
	if _, err := get(client, address); err != nil {
		t.Fatal(err)
	}
	answer.Store("127.0.0.1")
	_, err := get(client, address)
	wantFailure(t, err, phaseGuard, "127.0.0.1")
	for _, disguise := range []string{"①②⑦.0.0.1", "[::ffff:127.0.0.1]", "localhost"} {
		_, err = get(client, "http://"+disguise+":"+port+"/")
		wantFailure(t, err, phaseGuard)
	}
	if n := count.Load(); n != 0 {
		t.Errorf("%d connections at the private server, want 0", n)
	}
}

// The port of the source's own address is listed; a redirect to an odd port of another server is not.
func TestFault13ListedPort(t *testing.T) {
	guard := newGuard(nil, nil)
	ctx := withListedPort(context.Background(), "8080")
	if err := guard.control(ctx, "tcp4", "8.8.8.8:8080", true); err != nil {
		t.Errorf("listed port: %v", err)
	}
	if err := guard.control(ctx, "tcp4", "8.8.8.8:8081", true); err == nil {
		t.Error("an odd port beside the listed one may be dialled")
	}
	if err := guard.control(ctx, "tcp4", "10.0.0.1:8080", true); err == nil {
		t.Error("a listed port opens private addresses")
	}

	listed := map[string]any{}
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "county.example:8080" {
			http.Redirect(w, r, "http://other.example:8080/", http.StatusFound)
			return
		}
		fmt.Fprint(w, document)
	})
	client := newClient(t, func(o *Options) {
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			listed[address] = ctx.Value(listedPortKey{})
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		}
	})
	if _, err := client.Get(context.Background(), source("http://county.example:8080/"), feeds.Validators{}); err != nil {
		t.Fatal(err)
	}
	if listed["county.example:8080"] != "8080" || listed["other.example:8080"] != nil {
		t.Errorf("ports that the dialer was told of: %v", listed)
	}
}

// net/http reads the environment once in a process, so the request is made in a process of its own.
func TestNoProxyFromTheEnvironment(t *testing.T) {
	const marker = "FINEWS_TEST_PROXY_CHILD"
	if os.Getenv(marker) != "" {
		_, err := get(newClient(t, func(o *Options) {
			o.Resolver = resolver(t, func(string) (int, string) { return nameError, "" })
		}), "http://county.example./rss.xml")
		wantFailure(t, err, phaseDNS)
		return
	}
	var proxied atomic.Int64
	proxy := serve(t, func(http.ResponseWriter, *http.Request) { proxied.Add(1) })
	child := exec.Command(os.Args[0], "-test.run=^TestNoProxyFromTheEnvironment$")
	child.Env = append(os.Environ(), marker+"=1", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
	if output, err := child.CombinedOutput(); err != nil || proxied.Load() != 0 {
		t.Errorf("%d requests reached the proxy of the environment: %v\n%s", proxied.Load(), err, output)
	}
}
