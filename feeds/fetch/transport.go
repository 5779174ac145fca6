package fetch

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// maxHeaderBytes bounds the header of an answer: net/http would take 10 MB of it.
const maxHeaderBytes = 64 << 10

// idleTimeout is how long a connection waits for the next source of its host.
const idleTimeout = 30 * time.Second

// maxUnread bounds what an HTTP/2 server may send of a body that is not read yet: net/http would take 4 MB of each, outside
// of what is counted as in flight.
const maxUnread = freeBytes

// transports keeps one transport for each way of asking: a connection made on one is never used on another.
type transports struct {
	options  Options
	timeouts Timeouts
	direct   dialer // guarded
	insider  dialer // guarded, and may dial what the operator allowed
	plain    dialer // to proxies, which the operator named

	mu   sync.Mutex
	ways map[way]*http.Transport // as many as feeds.yaml names
}

type way struct {
	proxy    string
	insecure bool
	insider  bool
}

func newTransports(o Options, timeouts Timeouts, guard *guard) *transports {
	t := &transports{options: o, timeouts: timeouts, ways: map[way]*http.Transport{}}
	t.direct, t.insider, t.plain = o.Dial, o.Dial, o.Dial
	if o.Dial == nil {
		t.direct, t.insider = guard.dialer(false, timeouts.Dial), guard.dialer(true, timeouts.Dial)
		t.plain = (&net.Dialer{Timeout: timeouts.Dial, Resolver: o.Resolver}).DialContext
	}
	return t
}

// of returns the transport for a proxy (nil: none), for whoever accepts any certificate, and for insiders: a connection
// that one of them made into a private network must not wait for others.
func (t *transports) of(proxy *url.URL, insecure, insider bool) *http.Transport {
	key := way{insecure: insecure, insider: insider && len(t.options.Network.AllowPrivate) > 0}
	if proxy != nil {
		key.proxy = proxy.String()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	transport, known := t.ways[key]
	if !known {
		transport = t.make(proxy, key)
		t.ways[key] = transport
	}
	return transport
}

func (t *transports) make(proxy *url.URL, key way) *http.Transport {
	config := &tls.Config{RootCAs: t.options.RootCAs, MinVersion: tls.VersionTLS12, Time: t.options.Now}
	transport := &http.Transport{
		Proxy:                  nil, // one from the environment would dial for us, behind the guard's back
		DialContext:            t.direct,
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    t.timeouts.TLS,
		ResponseHeaderTimeout:  t.timeouts.Header,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        idleTimeout,
		DisableCompression:     true, // readBody unpacks, because net/http hides which body was unpacked
		ForceAttemptHTTP2:      true, // a DialContext of our own would turn it off
		HTTP2:                  &http.HTTP2Config{MaxReceiveBufferPerStream: maxUnread, MaxReceiveBufferPerConnection: 2 * maxUnread},
	}
	if key.insider {
		transport.DialContext = t.insider
	}
	if proxy != nil {
		transport.DialContext, transport.OnProxyConnectResponse = t.plain, connectFault
		if proxy.Scheme == "https" {
			transport.DialContext = dialTLS(t.plain, config.Clone(), t.timeouts)
			proxy = &url.URL{Scheme: "http", User: proxy.User, Host: net.JoinHostPort(proxy.Hostname(), port(proxy))}
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	config.InsecureSkipVerify = key.insecure
	return transport
}

func (t *transports) closeIdle() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, transport := range t.ways {
		transport.CloseIdleConnections()
	}
}
