package main

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"finews.withounder.com/feeds/fetch"
)

// to sends on to another address.
func to(address string, status int) http.HandlerFunc {
	return http.RedirectHandler(address, status).ServeHTTP
}

func TestFault10Redirects(t *testing.T) {
	itself := func(_ *testing.T, p *plight) { p.answer = to(p.url, http.StatusFound) }
	circle := func(t *testing.T, p *plight) {
		other, _ := beside(t, to(p.url, http.StatusMovedPermanently))
		p.answer = to(other+"/a?key="+ailSecret, http.StatusMovedPermanently)
	}
	noPlace := func(_ *testing.T, p *plight) { p.answer = status(http.StatusFound) }
	noAddress := func(_ *testing.T, p *plight) {
		p.answer = raw("HTTP/1.1 302 Found\r\nLocation: http://农 金/%zz\r\nContent-Length: 0\r\n\r\n")
	}
	pass(t,
		ailment{"to itself", itself, "redirect", 302, []string{"leads in a loop", "/subject?… → http"}},
		ailment{"in a circle", circle, "redirect", 301, []string{"leads in a loop", "/subject?… → http", "/a?… → http"}},
		ailment{"nowhere", noPlace, "redirect", 302, []string{"leads nowhere"}},
		ailment{"to no address", noAddress, "redirect", 302, []string{"leads nowhere"}},
	)
}

// TestFault10FiveAreFollowed: and the sixth is not, wherever it leads.
func TestFault10FiveAreFollowed(t *testing.T) {
	p := newPlight(t)
	hops, next := 5, 0
	url, asked := beside(t, func(w http.ResponseWriter, r *http.Request) {
		if next++; next < hops {
			http.Redirect(w, r, fmt.Sprintf("/%d?key=%s", next, ailSecret), http.StatusTemporaryRedirect)
			return
		}
		says("application/rss+xml", twoEntries)(w, r)
	})
	p.answer = to(url, http.StatusTemporaryRedirect)
	if code, told := p.poll(); code != exitWell || asked.Load() != 5 {
		t.Errorf("exit %d after %d requests: %s", code, asked.Load(), told)
	}
	hops, next, p.named = 6, 0, url+"/5"
	p.fails("redirect", http.StatusTemporaryRedirect, "one more than 5", "/subject?… → "+url+" → ", "/1?… → http", "/4?… → http", "/5?…)")
	if asked.Load() != 10 {
		t.Errorf("asked %d times, want five more", asked.Load()-5)
	}
	p.recovers()
}

// TestFault10Downgrade: from https to http nobody is followed, and nobody asked there.
func TestFault10Downgrade(t *testing.T) {
	p := newPlight(t)
	plain, asked := beside(t, says("application/rss+xml", twoEntries))
	var pool *x509.CertPool
	config := certified(t, "127.0.0.1", time.Now().AddDate(10, 0, 0))
	p.url, _, pool = secured(t, config, to(plain+"/klar", http.StatusMovedPermanently))
	p.network = func(o *fetch.Options) { o.RootCAs = pool }
	p.named = plain + "/klar"
	line := p.fails("redirect", http.StatusMovedPermanently, "leads from https to http", "https://127.0.0.1")
	if asked.Load() != 0 || !strings.Contains(line, " → "+plain) {
		t.Errorf("asked %d times in the clear; the line is %s", asked.Load(), line)
	}
}

// specialAddresses are of the special-purpose registries of IANA (RFC 6890), of clouds, and IPv4 in the dress of IPv6.
var specialAddresses = []string{
	"127.0.0.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "169.254.0.23",
	"192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
	"::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.3", "::ffff:169.254.169.254", "64:ff9b::7f00:3",
	"2002:7f00:3::", "2001::1", "2001:db8::1",
}

// onlyServer lets finews ask the plight's own server, and nothing else that is private.
const onlyServer = "network: {host_interval: 0s, allow_private: [127.0.0.1/32]}"

// TestFault11NotDialled: neither a redirect nor a name leads to an address that is not public.
func TestFault11NotDialled(t *testing.T) {
	begun := time.Date(2026, 4, 11, 2, 46, 17, 0, time.UTC)
	for _, way := range []struct {
		name string
		lead func(p *plight, names *nameServer, address string)
	}{
		{"by redirect", func(p *plight, _ *nameServer, address string) {
			if strings.Contains(address, ":") {
				address = "[" + address + "]"
			}
			p.named = "http://" + address + "/innen"
			p.answer = to(p.named, http.StatusMovedPermanently)
		}},
		{"by name", func(p *plight, names *nameServer, address string) {
			names.leads(address)
			p.url = "http://upstream.example/rss.xml?token=" + ailSecret
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			p, names := newPlight(t), newNameServer(t)
			p.global, p.network = onlyServer, names.asked
			for day, address := range specialAddresses {
				p.now = begun.AddDate(1, 0, 2*day) // of a failure that goes on, the operator is told once a day
				way.lead(p, names, address)
				if line := p.fails("guard", 0, "not a public address", "allow_private"); t.Failed() {
					t.Fatalf("%s: %s", address, line)
				}
				if move := p.state().Move; move.To != "" {
					t.Fatalf("the way to %s is remembered: %+v", address, move)
				}
			}
		})
	}
}

// TestFault11NoPacket: at a private server, nobody so much as connects; as soon as the operator allows it, it is asked.
func TestFault11NoPacket(t *testing.T) {
	p := newPlight(t)
	server, connections := private(t, "127.0.0.3:0")
	p.global = onlyServer
	p.answer, p.named = to("http://"+server+"/innen", http.StatusFound), "http://"+server+"/innen"
	p.fails("guard", 0, "127.0.0.3")
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections at the private server", n)
	}
	p.global = "network: {host_interval: 0s, allow_private: [127.0.0.1/32, 127.0.0.3/32]}"
	if code, told := p.poll(); code != exitWell || connections.Load() == 0 {
		t.Errorf("allowed: exit %d: %s", code, told)
	}
}

// TestFault12Rebinding: a name that led to a server that may be asked leads to a private one the next time. What counts
// is the address that is dialled.
func TestFault12Rebinding(t *testing.T) {
	p := newPlight(t)
	_, port, _ := strings.Cut(p.server.Listener.Addr().String(), ":")
	_, connections := private(t, "127.0.0.3:"+port)
	names := newNameServer(t)
	p.global, p.network = onlyServer, names.asked
	p.url = "http://upstream.example:" + port + "/subject?token=" + ailSecret
	names.leads("127.0.0.1")
	if code, told := p.poll(); code != exitWell {
		t.Fatalf("while the name leads to where it may: exit %d: %s", code, told)
	}
	names.leads("127.0.0.3")
	p.fails("guard", 0, "127.0.0.3:"+port+" is not dialled")
	names.leads("127.0.0.3", "127.0.0.1")
	p.recovers() // by the one of its addresses that is public
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections at the private server", n)
	}
}

// TestFault12Disguises: addresses written so that they do not look it.
func TestFault12Disguises(t *testing.T) {
	for _, host := range []string{"①②⑦.0.0.3", "127。0。0。3", "[::ffff:127.0.0.3]", "[::ffff:7f00:3]"} {
		t.Run(host, func(t *testing.T) {
			p := newPlight(t)
			server, connections := private(t, "127.0.0.3:0")
			_, port, _ := strings.Cut(server, ":")
			p.global = onlyServer
			p.url, p.named = "http://"+host+":"+port+"/rss.xml", "http://"
			p.fails("guard", 0, "127.0.0.3:"+port+" is not dialled")
			url, _ := beside(t, to(p.url, http.StatusFound))
			p.url, p.now = url, time.Now().Add(48*time.Hour)
			p.fails("guard", 0, "127.0.0.3:"+port+" is not dialled")
			if n := connections.Load(); n != 0 {
				t.Errorf("%d connections at the private server", n)
			}
		})
	}
}

// TestFault13Configured: an address that cannot be meant is refused before anyone is asked.
func TestFault13Configured(t *testing.T) {
	for _, address := range []string{
		"file:///etc/passwd", "gopher://upstream.example/1", "ftp://upstream.example/rss.xml", "javascript:alert(1)", "/rss.xml",
		"http://ops:" + ailSecret + "@upstream.example/rss.xml", "http:///rss.xml", "http://upstream.example:99999/rss.xml",
	} {
		t.Run(strings.ReplaceAll(address, ailSecret, "…"), func(t *testing.T) {
			p := newPlight(t)
			before, feed := p.state(), p.published("nongjin.xml")
			p.url = address
			code, told := p.poll()
			if code != exitFatal || !strings.Contains(told, "feeds.yaml:10: sources[1].url: ") || strings.Contains(told, ailSecret) {
				t.Errorf("exit %d: %s", code, told)
			}
			if p.state() != before || string(p.published("nongjin.xml")) != string(feed) {
				t.Error("something was started all the same")
			}
		})
	}
}

func TestFault13Redirected(t *testing.T) {
	for _, test := range []struct{ location, named, phase, words string }{
		{"file:///etc/passwd", "file:///etc/passwd", "redirect", "is neither http nor https"},
		{"gopher://upstream.example/1", "gopher://upstream.example/1", "redirect", "is neither http nor https"},
		{"data:text/xml," + ailSecret, "data:", "redirect", "is neither http nor https"},
		{"http://ops:" + ailSecret + "@upstream.example/", "http://upstream.example/", "redirect", "carries a user or password"},
		{"http:///rss.xml", "http:///rss.xml", "redirect", "names no host"},
		{"http://8.8.8.8:6379/", "http://8.8.8.8:6379/", "guard", "only ports 80 and 443 are asked"},
	} {
		t.Run(test.location, func(t *testing.T) {
			p := newPlight(t)
			location := test.location
			p.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(http.StatusMovedPermanently)
			}
			code := 0
			if test.phase == "redirect" {
				code = http.StatusMovedPermanently
			}
			p.named = test.named
			p.fails(test.phase, code, test.words)
			p.recovers()
		})
	}
}

// TestFault13NoProxyFromTheEnvironment: net/http reads the environment once in a process, so finews runs in one of its own.
func TestFault13NoProxyFromTheEnvironment(t *testing.T) {
	const marker = "FINEWS_TEST_FAULT13_CHILD"
	if os.Getenv(marker) != "" {
		p, names := newPlight(t), newNameServer(t)
		names.leads()
		p.network = names.asked
		p.url = "http://upstream.example/rss.xml?token=" + ailSecret
		p.fails("dns", 0, "no such host upstream.example")
		return
	}
	var proxied atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { proxied.Add(1) }))
	defer proxy.Close()
	child := exec.Command(os.Args[0], "-test.run=^TestFault13NoProxyFromTheEnvironment$")
	child.Env = append(os.Environ(), marker+"=1", "NO_PROXY=", "no_proxy=")
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		child.Env = append(child.Env, name+"="+proxy.URL)
	}
	if output, err := child.CombinedOutput(); err != nil || proxied.Load() != 0 {
		t.Errorf("%d requests reached the proxy of the environment: %v\n%s", proxied.Load(), err, output)
	}
}
