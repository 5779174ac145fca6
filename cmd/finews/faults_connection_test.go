package main

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"finews.withounder.com/feeds"
	"finews.withounder.com/feeds/fetch"
)

// ailment is a fault that passes: how it begins, and what is told of it.
type ailment struct {
	name   string
	begins func(*testing.T, *plight)
	phase  string
	status int
	words  []string
}

// pass has each ailment begin in one finews, and end.
func pass(t *testing.T, ailments ...ailment) {
	p := newPlight(t)
	url, before := p.url, p.state().Validators
	for _, a := range ailments {
		t.Run(a.name, func(t *testing.T) {
			defer func(whole *testing.T) { p.t = whole }(p.t)
			p.t = t
			a.begins(t, p)
			p.fails(a.phase, a.status, a.words...)
			p.waits(time.Hour)
			if after := p.state().Validators; after != before && (p.url == url || after != feeds.Validators{URL: p.url}) {
				t.Errorf("the validators were %+v and are %+v", before, after)
			}
			p.url, p.network, p.keys, p.named = url, nil, "", ""
			p.recovers()
		})
	}
}

// waits asserts how long the source is left alone after its last poll: so long, and up to a tenth more.
func (p *plight) waits(want time.Duration) {
	p.t.Helper()
	row := p.state()
	if wait := row.NextPoll.Sub(row.LastPoll); wait < want || wait > want*11/10 {
		p.t.Errorf("it is asked again after %v, want %v and up to a tenth more", wait, want)
	}
}

func TestFault01DNS(t *testing.T) {
	asks := func(answer *dnsAnswer) func(*testing.T, *plight) {
		return func(t *testing.T, p *plight) {
			names := newNameServer(t)
			names.answer.Store(answer)
			p.network = func(o *fetch.Options) { names.asked(o); o.Timeouts.Dial = 300 * time.Millisecond }
			p.url = strings.Replace(p.url, "127.0.0.1", "upstream.example", 1)
		}
	}
	pass(t,
		ailment{"NXDOMAIN", asks(&dnsAnswer{code: dnsmessage.RCodeNameError}), "dns", 0, []string{"no such host upstream.example"}},
		ailment{"no address", asks(&dnsAnswer{}), "dns", 0, []string{"no such host upstream.example"}},
		ailment{"SERVFAIL", asks(&dnsAnswer{code: dnsmessage.RCodeServerFailure}), "dns", 0, []string{"the name server failed for upstream.example"}},
		ailment{"no answer", asks(nil), "dns", 0, []string{"the name server gave no answer for upstream.example in time"}},
	)
}

// TestFault01NameComesBack: the name leads to the same server as before, and what is known of the source still counts.
func TestFault01NameComesBack(t *testing.T) {
	p := newPlight(t)
	names := newNameServer(t)
	names.answer.Store(&dnsAnswer{code: dnsmessage.RCodeServerFailure})
	p.network = names.asked
	p.url = strings.Replace(p.url, "127.0.0.1", "upstream.example", 1)
	p.fails("dns", 0)
	names.leads("127.0.0.1")
	p.recovers()
}

func TestFault02Connection(t *testing.T) {
	closed := func(t *testing.T, p *plight) {
		listener, err := net.Listen("tcp", "127.0.0.9:0")
		if err != nil {
			t.Skipf("this machine does not listen on 127.0.0.9: %v", err)
		}
		listener.Close()
		p.url = "http://" + listener.Addr().String() + "/subject?token=" + ailSecret
	}
	reset := func(_ *testing.T, p *plight) {
		p.answer = byHand(func(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0) }) // Close sends RST
	}
	// Linux routes no connection to a broadcast address, not even to that of loopback.
	unreachable := func(t *testing.T, p *plight) {
		if _, err := net.Dial("tcp", "127.255.255.255:80"); err == nil || !strings.Contains(err.Error(), "unreachable") {
			t.Skipf("here nothing is unreachable: %v", err)
		}
		p.url = "http://127.255.255.255/subject?token=" + ailSecret
	}
	pass(t,
		ailment{"refused", closed, "connect", 0, []string{"connection refused", "dial tcp 127.0.0.9:"}},
		ailment{"reset", reset, "connect", 0, []string{"connection reset", "no connection to 127.0.0.1"}},
		ailment{"unreachable", unreachable, "connect", 0, []string{"network is unreachable", "dial tcp 127.255.255.255:80"}},
	)
}

func TestFault03TLS(t *testing.T) {
	here, far := "127.0.0.1", time.Now().AddDate(10, 0, 0)
	old := certified(t, here, far)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	for _, test := range []struct {
		name   string
		config *tls.Config
		known  bool // who signed the certificate
		words  string
		opens  bool // by insecure_tls
	}{
		{"expired", certified(t, here, time.Unix(1, 0)), true, "its certificate expired on 1970-01-01", true},
		{"wrong host", certified(t, "127.0.0.9", far), true, "its certificate is valid for 127.0.0.9, not for 127.0.0.1", true},
		{"unknown CA", certified(t, here, far), false, "its certificate is signed by an authority that is unknown here", true},
		{"TLS 1.0", old, true, "it speaks no TLS of version 1.2 or newer", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPlight(t)
			url, asked, pool := secured(t, test.config, func(w http.ResponseWriter, r *http.Request) { p.answer(w, r) })
			p.url = url + "/subject?token=" + ailSecret
			p.network = func(o *fetch.Options) {
				if o.RootCAs = x509.NewCertPool(); test.known {
					o.RootCAs = pool
				}
			}
			p.fails("tls", 0, test.words)
			p.waits(time.Hour)
			if asked.Load() != 0 {
				t.Error("the request was sent")
			}
			p.keys = "    insecure_tls: true"
			if test.opens {
				p.recovers()
			} else if p.poll(); asked.Load() != 0 {
				t.Error("insecure_tls lets the request go by TLS 1.0")
			}
		})
	}
}

// TestFault03InsecureForOneAlone: what the operator accepts of one source he accepts of no other at the same server.
func TestFault03InsecureForOneAlone(t *testing.T) {
	p := newPlight(t)
	url, asked, _ := secured(t, certified(t, "127.0.0.1", time.Now().AddDate(10, 0, 0)), says("application/rss+xml", twoEntries))
	p.url = url + "/subject?token=" + ailSecret
	p.keys = "    insecure_tls: true\n  - {name: 丙报, url: \"" + url + "/bing\", categories: [nongjin]}"
	code, told := p.poll()
	if code != exitSources || !strings.HasPrefix(told, "finews: 丙报: tls: ") || strings.Contains(told, ailing) || asked.Load() != 1 {
		t.Errorf("exit %d, asked %d times: %s", code, asked.Load(), told)
	}
}

// TestFault03NotByRedirect: what was asked in the clear is not sent on to a server that nobody vouches for.
func TestFault03NotByRedirect(t *testing.T) {
	p := newPlight(t)
	url, asked, _ := secured(t, certified(t, "127.0.0.1", time.Now().AddDate(10, 0, 0)), says("application/rss+xml", twoEntries))
	p.answer, p.named = http.RedirectHandler(url+"/", http.StatusFound).ServeHTTP, url
	p.fails("tls", 0, "unknown here")
	if asked.Load() != 0 {
		t.Error("the request was sent")
	}
	p.recovers()
}

func TestFault03HandshakeStalls(t *testing.T) {
	pass(t, ailment{"stall", func(t *testing.T, p *plight) {
		p.url = "https://" + mute(t) + "/subject?token=" + ailSecret
		p.network = func(o *fetch.Options) { o.Timeouts.TLS = 100 * time.Millisecond }
	}, "tls", 0, []string{"127.0.0.1 did not finish the TLS handshake within 100ms"}})
}

// TestFault04Timeouts: each phase has a limit of its own, and the line says which. How long they are is held in package
// fetch; here they are short.
func TestFault04Timeouts(t *testing.T) {
	short := 100 * time.Millisecond
	ails := func(answer http.HandlerFunc, set func(*fetch.Timeouts)) func(*testing.T, *plight) {
		return func(_ *testing.T, p *plight) {
			p.answer = answer
			// The two that are well have as much time as ever: they are asked for at the same time.
			p.network = func(o *fetch.Options) { set(&o.Timeouts) }
		}
	}
	stalls := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	stallsInBody := func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(twoEntries[:100]))
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	secure := func(t *testing.T, p *plight) {
		p.url = "https://" + mute(t) + "/subject?token=" + ailSecret
		p.network = func(o *fetch.Options) { o.Timeouts.Total = short }
	}
	lookup := func(t *testing.T, p *plight) {
		p.url = strings.Replace(p.url, "127.0.0.1", "upstream.example", 1)
		names := newNameServer(t)
		p.network = func(o *fetch.Options) { names.asked(o); o.Timeouts.Total = short }
	}
	pass(t,
		ailment{"total in the lookup", lookup, "dns", 0, []string{"not finished after 100ms in all"}},
		ailment{"header", ails(stalls, func(t *fetch.Timeouts) { t.Header = short }), "header", 0, []string{"127.0.0.1 sent no header within 100ms"}},
		ailment{"total before the header", ails(stalls, func(t *fetch.Timeouts) { t.Total = short }), "header", 0, []string{"not finished after 100ms in all"}},
		ailment{"total in the handshake", secure, "tls", 0, []string{"not finished after 100ms in all"}},
		ailment{"total in the body", ails(stallsInBody, func(t *fetch.Timeouts) { t.Total = short }), "body", 200, []string{"not finished after 100ms in all"}},
	)
}

// TestFault04ProductKeepsTheLimits: the program itself leaves the limits as they are.
func TestFault04ProductKeepsTheLimits(t *testing.T) {
	p := newPlight(t)
	p.network = func(o *fetch.Options) {
		if o.Timeouts != (fetch.Timeouts{}) || o.Dial != nil || o.Resolver != nil || o.RootCAs != nil {
			t.Errorf("the program asks with %+v", o)
		}
	}
	if code, told := p.poll(); code != exitWell || told != "" {
		t.Errorf("exit %d: %s", code, told)
	}
}
