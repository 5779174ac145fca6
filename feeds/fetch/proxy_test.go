package fetch

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"finews.withounder.com/feeds"
)

// proxied notes what a proxy was asked for. Whatever the name, it goes to one upstream.
type proxied struct {
	mu     sync.Mutex
	asked  []string
	secret []string
}

func (p *proxied) note(asked, secret string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.secret = append(p.asked, asked), append(p.secret, secret)
}

// httpProxy is a proxy that speaks HTTP, for plain requests and for CONNECT.
func (p *proxied) httpProxy(upstream net.Addr) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			p.note(r.Method+" "+r.URL.String(), r.Header.Get("Proxy-Authorization"))
			fmt.Fprint(w, document)
			return
		}
		p.note(r.Method+" "+r.Host, r.Header.Get("Proxy-Authorization"))
		to, err := net.Dial("tcp", upstream.String())
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		from, buffered, _ := http.NewResponseController(w).Hijack()
		fmt.Fprint(from, "HTTP/1.1 200 OK\r\n\r\n")
		join(from, buffered, to)
	}
}

// join lets two connections talk; what comes from the first one is read from said.
func join(a net.Conn, said io.Reader, b net.Conn) {
	go func() {
		io.Copy(a, b)
		a.Close()
	}()
	io.Copy(b, said)
	b.Close()
}

// socks is a SOCKS 5 proxy (RFC 1928) that asks for a user and password (RFC 1929).
func (p *proxied) socks(upstream net.Addr) func(net.Conn) {
	return func(conn net.Conn) {
		read := func(n int) []byte {
			text := make([]byte, n)
			io.ReadFull(conn, text)
			return text
		}
		read(int(read(2)[1]))
		conn.Write([]byte{5, 2})
		user := read(int(read(2)[1]))
		password := read(int(read(1)[0]))
		conn.Write([]byte{1, 0})
		name := read(int(read(5)[4]))
		p.note(fmt.Sprintf("socks5 %s:%d", name, binary.BigEndian.Uint16(read(2))), fmt.Sprintf("%s:%s", user, password))
		conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
		if to, err := net.Dial("tcp", upstream.String()); err == nil {
			join(conn, conn, to)
		}
	}
}

// through returns the address of a proxy with a user and a password.
func through(scheme, address string) string {
	return scheme + "://%E8%AF%BB%E8%80%85:s3cret@" + address[strings.Index(address, "://")+3:]
}

// serveTLS starts a server whose certificate is good for example.com.
func serveTLS(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func sayDocument(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, document) }

// The names are none that can be looked up: only the proxy knows where they lead. The proxy itself stands on a private
// address, which the operator has not listed: to name it is enough.
func TestProxies(t *testing.T) {
	plain, secure := serve(t, sayDocument), serveTLS(t, sayDocument)
	const basic = "Basic 6K+76ICFOnMzY3JldA=="
	for _, test := range []struct{ scheme, address, asked, secret string }{
		{"http", "http://example.com/新闻.xml", "GET http://example.com/%E6%96%B0%E9%97%BB.xml", basic},
		{"http", "https://example.com/rss.xml", "CONNECT example.com:443", basic},
		{"https", "http://example.com/rss.xml", "GET http://example.com/rss.xml", basic},
		{"https", "https://example.com/rss.xml", "CONNECT example.com:443", basic},
		{"socks5", "http://example.com/rss.xml", "socks5 example.com:80", "读者:s3cret"},
		{"socks5", "https://example.com/rss.xml", "socks5 example.com:443", "读者:s3cret"},
	} {
		t.Run(test.scheme+" to "+test.address, func(t *testing.T) {
			upstream := plain.Listener.Addr()
			if strings.HasPrefix(test.address, "https:") {
				upstream = secure.Listener.Addr()
			}
			seen := &proxied{}
			var proxy string
			switch test.scheme {
			case "http":
				proxy = serve(t, seen.httpProxy(upstream)).URL
			case "https":
				server := httptest.NewTLSServer(seen.httpProxy(upstream))
				t.Cleanup(server.Close)
				proxy = server.URL
			case "socks5":
				proxy = strings.TrimSuffix(serveRaw(t, seen.socks(upstream)), "/rss.xml")
			}
			s := source(test.address)
			s.Proxy = through(test.scheme, proxy)
			answer, err := newClient(t, allowing(), trusting(secure)).Get(context.Background(), s, feeds.Validators{})
			if err != nil || string(answer.Body) != document || answer.URL != parsed(t, test.address).String() {
				t.Errorf("got %.40q from %s, %v", answer.Body, answer.URL, err)
			}
			if !slices.Equal(seen.asked, []string{test.asked}) || !slices.Equal(seen.secret, []string{test.secret}) {
				t.Errorf("the proxy was asked for %q with %q, want %q with %q", seen.asked, seen.secret, test.asked, test.secret)
			}
		})
	}
}

func TestProxyOfTheSourceOverrulesThatOfTheNetwork(t *testing.T) {
	general, own := &proxied{}, &proxied{}
	plain := serve(t, sayDocument)
	client := newClient(t, func(o *Options) { o.Network.Proxy = serve(t, general.httpProxy(nil)).URL })
	ask := func(address, proxy string) {
		t.Helper()
		s := source(address)
		s.Proxy = proxy
		if _, err := client.Get(context.Background(), s, feeds.Validators{}); err != nil {
			t.Error(err)
		}
	}
	ask("http://a.example/", "")
	ask("http://b.example/", serve(t, own.httpProxy(nil)).URL)
	ask(plain.URL+"/", feeds.NoProxy)
	if len(general.asked) != 1 || len(own.asked) != 1 {
		t.Errorf("asked of the network's %q, of the source's %q", general.asked, own.asked)
	}
}

// What a proxy is asked for is checked before it is: it would resolve the name where we do not see it.
func TestProxyIsNotAskedForWhatIsLocal(t *testing.T) {
	seen := &proxied{}
	client := newClient(t, allowing(), func(o *Options) { o.Network.Proxy = serve(t, seen.httpProxy(nil)).URL })
	for _, host := range []string{
		"127.0.0.1", "10.0.0.1", "169.254.169.254", "100.100.100.200", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0",
		"①②⑦.0.0.1", "127.1", "127.0.0.1.", "0x7f.0.0.1", "0x7f000001", "2130706433", "0177.0.0.01",
		"localhost", "LOCALHOST.", "ｌｏｃａｌｈｏｓｔ", "a.localhost", "router.local", "metadata.google.internal", "nas.lan", "box.home.arpa", "intranet",
		"metadata.google.ｉｎｔｅｒｎａｌ", "a_b.ｌａｎ",
	} {
		_, err := get(client, "http://"+host+"/rss.xml")
		if len(seen.asked) != 0 {
			t.Fatalf("the proxy was asked for %q", seen.asked)
		}
		wantFailure(t, err, phaseGuard, "is not dialled")
	}
	for _, address := range []string{"http://8.8.8.8/", "http://county.example/", "http://财经.example/", "http://lan.example/", "http://a_b.example/"} {
		if _, err := get(client, address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestProxyAfterARedirectToWhatIsLocal(t *testing.T) {
	asked := 0
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "http://metadata.google.internal/", http.StatusFound)
	})
	_, err := get(newClient(t, func(o *Options) { o.Network.Proxy = proxy.URL }), "http://county.example/")
	wantFailure(t, err, phaseGuard, "local name")
	if asked != 1 {
		t.Errorf("the proxy was asked %d times, want once", asked)
	}
}

func TestAllowPrivateHoldsThroughAProxy(t *testing.T) {
	seen := &proxied{}
	client := newClient(t, allowing("127.0.0.0/8", "10.1.0.0/16"), func(o *Options) { o.Network.Proxy = serve(t, seen.httpProxy(nil)).URL })
	for _, host := range []string{"127.0.0.1:8081", "10.1.2.3", "localhost:8081"} {
		if _, err := get(client, "http://"+host+"/"); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	_, err := get(client, "http://10.2.0.1/")
	wantFailure(t, err, phaseGuard)
}

// The port of the source's own address is listed through a proxy too.
func TestListedPortThroughAProxy(t *testing.T) {
	seen := &proxied{}
	s := source("http://county.example:8080/rss.xml")
	s.Proxy = serve(t, seen.httpProxy(nil)).URL
	if _, err := newClient(t).Get(context.Background(), s, feeds.Validators{}); err != nil {
		t.Error(err)
	}
	_, err := newClient(t).GetAt(context.Background(), s, "http://other.example:8080/")
	wantFailure(t, err, phaseGuard, "only ports 80 and 443")
}

func TestProxyFailures(t *testing.T) {
	refuse := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
	fail := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	closed := serve(t, nil)
	closed.Close()
	mute := strings.TrimSuffix(serveRaw(t, hold), "/rss.xml")
	strange := strings.TrimSuffix(serveRaw(t, func(conn net.Conn) { fmt.Fprint(conn, "坏") }), "/rss.xml")
	stranger := httptest.NewUnstartedServer(http.HandlerFunc(sayDocument))
	stranger.Config.ErrorLog = quiet()
	stranger.StartTLS()
	defer stranger.Close()
	for _, test := range []struct{ proxy, address, phase, words string }{
		{through("http", refuse.URL), "https://county.example/", phaseConnect, "county.example through the proxy 127.0.0.1:"},
		{through("http", refuse.URL), "https://county.example/", phaseConnect, "407: give it its user and password"},
		{through("http", refuse.URL), "http://county.example/", phaseHTTP, "407 refused by the proxy"},
		{through("http", fail.URL), "https://county.example/", phaseConnect, "the proxy answers 502"},
		{through("http", closed.URL), "http://county.example/", phaseConnect, "refused"},
		{through("socks5", strange), "http://county.example/", phaseConnect, "socks connect"},
		{through("socks5", mute), "http://county.example/", phaseConnect, "not finished after 300ms"},
		{through("http", mute), "https://county.example/", phaseConnect, "not finished after 300ms"},
		{through("https", stranger.URL), "http://county.example/", phaseConnect, "the proxy is not trusted"},
		{through("http", "://proxy.nowhere.:3128"), "http://county.example/", phaseDNS, "no such host proxy.nowhere."},
		{through("ftp", refuse.URL), "http://county.example/", phaseAddress, "the address of the proxy"},
		{"http://s3cret%zz@proxy.example", "http://county.example/", phaseAddress, "the address of the proxy"},
		{"s3cret", "http://county.example/", phaseAddress, "the address of the proxy"},
	} {
		client := newClient(t, func(o *Options) {
			o.Timeouts.Total = 300 * time.Millisecond
			o.Resolver = resolver(t, func(string) (int, string) { return nameError, "" })
		})
		s := source(test.address)
		s.Proxy, s.InsecureTLS = test.proxy, true // of the source: nothing is said of the proxy
		_, err := client.Get(context.Background(), s, feeds.Validators{})
		failure := wantFailure(t, err, test.phase, test.words)
		if text := err.Error() + failure.URL + fmt.Sprintf("%+v", failure); strings.Contains(text, "s3cret") || strings.Contains(text, "s3cret%3A") {
			t.Errorf("the password shows in %q", text)
		}
	}
	if _, err := New(Options{UserAgent: userAgent, Network: feeds.Network{Proxy: "http://a:s3cret@/"}}); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("New says %v", err)
	}
}

// A proxy that says nothing holds neither a connection nor a goroutine once the request is given up.
func TestSilentProxyIsLeft(t *testing.T) {
	for _, scheme := range []string{"http", "https", "socks5"} {
		left := make(chan struct{})
		mute := serveRaw(t, func(conn net.Conn) {
			hold(conn)
			close(left)
		})
		s := source("https://county.example/")
		s.Proxy = through(scheme, strings.TrimSuffix(mute, "/rss.xml"))
		_, err := newClient(t, func(o *Options) { o.Timeouts.Total = 50 * time.Millisecond }).Get(context.Background(), s, feeds.Validators{})
		wantFailure(t, err, phaseConnect, "not finished after 50ms")
		select {
		case <-left:
		case <-time.After(5 * time.Second):
			t.Errorf("%s: the connection is still open", scheme)
		}
	}
}

// Whoever accepts any certificate does so alone: the connection is not used for another source.
func TestInsecureIsOfOneSource(t *testing.T) {
	server := serveTLS(t, sayDocument)
	client := newClient(t)
	s := source(server.URL)
	for _, insecure := range []bool{false, true, false} {
		s.InsecureTLS = insecure
		answer, err := client.Get(context.Background(), s, feeds.Validators{})
		if insecure && (err != nil || string(answer.Body) != document) {
			t.Errorf("insecure: got %.40q, %v", answer.Body, err)
		}
		if !insecure {
			wantFailure(t, err, phaseTLS, "unknown here", "insecure_tls: true")
		}
	}
}

func TestInsecureIsStillTLS12(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(sayDocument))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	defer server.Close()
	s := source(server.URL)
	s.InsecureTLS = true
	_, err := newClient(t).Get(context.Background(), s, feeds.Validators{})
	wantFailure(t, err, phaseTLS, "no TLS of version 1.2 or newer")
}

// CloseIdle closes the connections of every way of asking.
func TestCloseIdleClosesAll(t *testing.T) {
	open := make(chan net.Conn, 9)
	closed := make(chan net.Conn, 9)
	server := httptest.NewUnstartedServer((&proxied{}).httpProxy(nil))
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open <- conn
		case http.StateClosed:
			closed <- conn
		}
	}
	server.Start()
	defer server.Close()
	client := newClient(t)
	for _, s := range []feeds.Source{
		{URL: server.URL}, {URL: server.URL, InsecureTLS: true}, {URL: "http://county.example/", Proxy: server.URL},
	} {
		if _, err := client.Get(context.Background(), s, feeds.Validators{}); err != nil {
			t.Fatal(err)
		}
		<-open
	}
	client.CloseIdle()
	for range 3 {
		<-closed
	}
}
