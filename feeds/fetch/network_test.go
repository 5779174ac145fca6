package fetch

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Response codes of DNS (RFC 1035 section 4.1.1), and one of ours: no answer at all.
const (
	serverFailure = 2
	nameError     = 3
	silence       = -1
)

// resolver asks a name server on loopback that answers with what reply says: a code, and IPv4 addresses between commas.
func resolver(t *testing.T, reply func(name string) (code int, addresses string)) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if message := dnsReply(buffer[:n], reply); message != nil {
				conn.WriteTo(message, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// dnsReply answers a query of one question: A records, or none for any other type.
func dnsReply(query []byte, reply func(string) (int, string)) []byte {
	name, end := "", 12
	for query[end] != 0 {
		length := int(query[end])
		name += string(query[end+1:end+1+length]) + "."
		end += 1 + length
	}
	end += 5
	code, addresses := reply(name)
	if code == silence {
		return nil
	}
	answers := 0
	var records []byte
	for address := range strings.SplitSeq(addresses, ",") {
		if ip := net.ParseIP(address).To4(); ip != nil && binary.BigEndian.Uint16(query[end-4:]) == 1 {
			answers++
			records = append(append(records, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4), ip...)
		}
	}
	message := append([]byte{query[0], query[1], 0x81, 0x80 | byte(code), 0, 1, 0, byte(answers), 0, 0, 0, 0}, query[12:end]...)
	return append(message, records...)
}

func TestFault01DNS(t *testing.T) {
	for _, test := range []struct {
		code  int
		words string
	}{
		{nameError, "no such host county.example"},
		{serverFailure, "the name server failed for county.example"},
		{silence, "the name server gave no answer for county.example"},
	} {
		client := newClient(t, func(o *Options) {
			o.Resolver = resolver(t, func(string) (int, string) { return test.code, "" })
			o.Timeouts.Dial = 500 * time.Millisecond
		})
		_, err := get(client, "http://county.example./rss.xml")
		wantFailure(t, err, phaseDNS, test.words)
	}
}

func TestFault02Connection(t *testing.T) {
	server := serve(t, nil)
	server.Close()
	_, err := get(newClient(t), server.URL)
	wantFailure(t, err, phaseConnect, "refused", server.Listener.Addr().String())

	reset := serveRaw(t, func(conn net.Conn) {
		readRequest(conn)
		conn.(*net.TCPConn).SetLinger(0) // Close sends RST
	})
	_, err = get(newClient(t), reset)
	wantFailure(t, err, phaseConnect, "reset", "127.0.0.1:")
}

// An answer whose header has no end is given up, by either protocol, with the reason.
func TestLongHeaders(t *testing.T) {
	long := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Field", strings.Repeat("长", maxHeaderBytes))
	}
	many := func(fields int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := range fields {
				w.Header().Set(fmt.Sprintf("X-Field-%d", i), strings.Repeat("x", 100))
			}
		}
	}
	for name, handler := range map[string]http.HandlerFunc{"one field": long, "many fields": many(700), "very many": many(5000)} {
		secure := serveTLS(t, handler)
		for _, address := range []string{serve(t, handler).URL, strings.Replace(secure.URL, "127.0.0.1", "example.com", 1)} {
			_, err := get(newClient(t, trusting(secure), func(o *Options) {
				o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
					if strings.HasPrefix(address, "example.com:") {
						address = secure.Listener.Addr().String()
					}
					return (&net.Dialer{}).DialContext(ctx, network, address)
				}
			}), address)
			wantFailure(t, err, phaseHeader, "its headers are over 64 KiB")
			if t.Failed() {
				t.Fatalf("%s at %s", name, address)
			}
		}
	}
}

// trusting lets a client believe the certificate of a test server.
func trusting(server *httptest.Server) func(*Options) {
	return func(o *Options) {
		o.RootCAs = x509.NewCertPool()
		o.RootCAs.AddCert(server.Certificate())
	}
}

// certificate makes a certificate that signs itself.
func certificate(t *testing.T, host net.IP, until time.Time) tls.Certificate {
	t.Helper()
	return certificateFrom(t, host, time.Unix(0, 0), until)
}

func certificateFrom(t *testing.T, host net.IP, from, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "县域金融"}, IPAddresses: []net.IP{host},
		NotBefore: from, NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestFault03TLS(t *testing.T) {
	here, far := net.IPv4(127, 0, 0, 1), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		config *tls.Config
		trust  bool
		words  string
	}{
		{"expired", &tls.Config{Certificates: []tls.Certificate{certificate(t, here, time.Unix(1, 0))}}, true, "its certificate expired on 1970-01-01"},
		{"not yet valid", &tls.Config{Certificates: []tls.Certificate{certificateFrom(t, here, far.AddDate(-1, 0, 0), far)}}, true, "its certificate is not valid before 9998-01-01"},
		{"wrong host", &tls.Config{Certificates: []tls.Certificate{certificate(t, net.IPv4(127, 0, 0, 9), far)}}, true, "its certificate is valid for 127.0.0.9, not for 127.0.0.1"},
		{"unknown CA", &tls.Config{Certificates: []tls.Certificate{certificate(t, here, far)}}, false, "its certificate is signed by an authority that is unknown here"},
		{"TLS 1.0", &tls.Config{Certificates: []tls.Certificate{certificate(t, here, far)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, true, "it speaks no TLS of version 1.2 or newer"},
	} {
		asked := 0
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
		server.TLS = test.config
		server.Config.ErrorLog = quiet()
		server.StartTLS()
		_, err := get(newClient(t, func(o *Options) {
			o.RootCAs = x509.NewCertPool()
			if test.trust {
				trusting(server)(o)
			}
		}), server.URL)
		server.Close()
		wantFailure(t, err, phaseTLS, test.words)
		if asked != 0 {
			t.Errorf("%s: the request was sent", test.name)
		}
	}
}

// Each phase has its own limit, and the sentence says which one ended it. The limit of dialling has its test
// in network_linux_test.go.
func TestFault04Timeouts(t *testing.T) {
	short := 50 * time.Millisecond
	mute := serveRaw(t, hold)
	for _, test := range []struct {
		name, address, phase, words string
		change                      func(*Options)
	}{
		{"TLS", strings.Replace(mute, "http:", "https:", 1), phaseTLS, "TLS handshake within 50ms", func(o *Options) { o.Timeouts.TLS = short }},
		{"header", mute, phaseHeader, "no header within 50ms", func(o *Options) { o.Timeouts.Header = short }},
		{"total before the header", mute, phaseHeader, "not finished after 50ms in all", func(o *Options) { o.Timeouts.Total = short }},
		{"total in the handshake", strings.Replace(mute, "http:", "https:", 1), phaseTLS, "not finished after 50ms in all", func(o *Options) { o.Timeouts.Total = short }},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := get(newClient(t, test.change), test.address)
			wantFailure(t, err, test.phase, test.words)
		})
	}
}

// The total is for the whole trip, not for each redirect.
func TestFault04TotalCountsAllRedirects(t *testing.T) {
	asked := 0
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		select {
		case <-time.After(60 * time.Millisecond):
		case <-r.Context().Done():
		}
		http.Redirect(w, r, fmt.Sprintf("/%d", asked), http.StatusFound)
	})
	_, err := get(newClient(t, func(o *Options) { o.Timeouts.Total = 150 * time.Millisecond }), server.URL)
	wantFailure(t, err, phaseHeader, "not finished after 150ms in all")
}
