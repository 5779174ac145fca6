package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"finews.withounder.com/feeds/fetch"
)

// nameServer is a DNS server on loopback.
type nameServer struct {
	conn   net.PacketConn
	answer atomic.Pointer[dnsAnswer]
}

// dnsAnswer is what a name server says of every name. Of nil it says nothing at all.
type dnsAnswer struct {
	code      dnsmessage.RCode
	addresses []netip.Addr
}

func newNameServer(t *testing.T) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &nameServer{conn: conn}
	go s.serve()
	return s
}

func (s *nameServer) serve() {
	buffer := make([]byte, 512)
	for {
		n, from, err := s.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		if answer := s.answer.Load(); answer != nil {
			s.conn.WriteTo(answer.to(buffer[:n]), from)
		}
	}
}

func (a *dnsAnswer) to(query []byte) []byte {
	var parser dnsmessage.Parser
	header, err := parser.Start(query)
	if err != nil {
		return nil
	}
	question, err := parser.Question()
	if err != nil {
		return nil
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: header.ID, Response: true, RecursionAvailable: true, RCode: a.code},
		Questions: []dnsmessage.Question{question},
	}
	for _, ip := range a.addresses {
		r := dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: question.Name, Class: question.Class}}
		switch {
		case ip.Is4() && question.Type == dnsmessage.TypeA:
			r.Body = &dnsmessage.AResource{A: ip.As4()}
		case ip.Is6() && question.Type == dnsmessage.TypeAAAA:
			r.Body = &dnsmessage.AAAAResource{AAAA: ip.As16()}
		default:
			continue
		}
		m.Answers = append(m.Answers, r)
	}
	packed, err := m.Pack()
	if err != nil {
		return nil
	}
	return packed
}

// leads answers with addresses from now on.
func (s *nameServer) leads(addresses ...string) {
	answer := &dnsAnswer{}
	for _, a := range addresses {
		answer.addresses = append(answer.addresses, netip.MustParseAddr(a))
	}
	s.answer.Store(answer)
}

// asked has a plight's names looked up at the name server.
func (s *nameServer) asked(o *fetch.Options) {
	o.Resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", s.conn.LocalAddr().String())
	}}
}

// raw answers with bytes, by hand, and closes the connection: what net/http would not send.
func raw(text string) http.HandlerFunc {
	return byHand(func(conn net.Conn) { io.WriteString(conn, text) })
}

// byHand takes the connection from the server.
func byHand(talk func(net.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		talk(conn)
	}
}

// mute accepts connections and says nothing, and returns its address.
func mute(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// private is a server on an address of loopback that no plight allows unless it is said: whoever connects is counted.
func private(t *testing.T, address string) (hostPort string, connections *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("this machine does not listen on %s: %v", address, err)
	}
	connections = &atomic.Int64{}
	server := &http.Server{
		Handler: says("application/rss+xml", twoEntries),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		},
	}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return listener.Addr().String(), connections
}

// beside is another server on loopback, and counts its requests.
func beside(t *testing.T, answer http.HandlerFunc) (address string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

// secured is beside, by TLS as config says. pool holds the server's certificate.
func secured(t *testing.T, config *tls.Config, answer http.HandlerFunc) (address string, asked *atomic.Int64, pool *x509.CertPool) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	server.TLS = config
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	pool = x509.NewCertPool()
	pool.AddCert(server.Certificate())
	return server.URL, asked, pool
}

// certified makes the settings of a server whose certificate, which signs itself, is of an address and ends some time.
func certified(t *testing.T, address string, ends time.Time) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: ailing}, IPAddresses: []net.IP{net.ParseIP(address)},
		NotBefore: time.Unix(0, 0), NotAfter: ends, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}
