package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"finews.withounder.com/feeds"
)

// errProxy never shows the address, which may hold a password.
var errProxy = errors.New("the address of the proxy cannot be meant: write one such as http://proxy.example:3128, or https or socks5, " +
	"with user:password@ before the host where it asks for them")

// readProxy reads the address of a proxy; none is nil.
func readProxy(address string) (*url.URL, error) {
	if address == "" || address == feeds.NoProxy {
		return nil, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme) {
		return nil, errProxy
	}
	return u, nil
}

// proxyOf returns the proxy that a source is asked through; the environment has no say in it.
func (c *Client) proxyOf(source feeds.Source) (*url.URL, error) {
	return readProxy(cmp.Or(source.Proxy, c.network.Proxy))
}

// dialTLS is dial with a handshake. It is used for proxies of the scheme https: the transport would do that handshake
// with the settings for the source, and so give the password of the proxy to anyone where the source is insecure.
func dialTLS(dial dialer, config *tls.Config, timeouts Timeouts) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := config.Clone()
		config.ServerName, _, _ = net.SplitHostPort(address)
		ctx, cancel := context.WithTimeout(ctx, timeouts.TLS)
		defer cancel()
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, fmt.Errorf("the proxy is not trusted: %w", err)
		}
		return secure, nil
	}
}

// connectFault names what a proxy says that does not lead us on: net/http gives its words without their number.
func connectFault(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	switch resp.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return errors.New("the proxy answers 407: give it its user and password")
	}
	return fmt.Errorf("the proxy answers %d", resp.StatusCode)
}

// target guards what a proxy is asked for. A proxy resolves names itself, so the guarded dialer never sees what they
// lead to: here only addresses, and names that say themselves that they are local, are refused.
func (g *guard) target(ctx context.Context, u *url.URL, insider bool) error {
	host := strings.TrimSuffix(asciiHost(u.Hostname()), ".")
	if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		return &blocked{host, "it is no name of a host: check the address"}
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.control(ctx, "tcp"+family(ip), net.JoinHostPort(host, port(u)), insider)
	}
	switch loopback := netip.AddrFrom4([4]byte{127, 0, 0, 1}); {
	case host == "localhost" && g.allowed(loopback):
		return g.control(ctx, "tcp4", netip.AddrPortFrom(loopback, 80).String(), insider)
	case local(host):
		return &blocked{host, "it is a local name, and where a proxy takes it cannot be seen from here; if it is yours, write proxy: none at the source"}
	}
	if fault := portFault(ctx, port(u)); fault != "" {
		return &blocked{net.JoinHostPort(host, port(u)), fault}
	}
	return nil
}

// asciiHost returns a host as net/http asks for it: ①②⑦.0.0.1 is 127.0.0.1. What cannot be a name stays as it is.
func asciiHost(host string) string {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

func family(ip netip.Addr) string {
	if ip.Is4() {
		return "4"
	}
	return "6"
}

// local reports whether a name is one of a machine or a network nearby (RFC 6761, RFC 6762, RFC 8375), or may be read
// as an address by whoever resolves it: 127.1, 0x7f.0.0.1 and 2130706433 are old spellings of 127.0.0.1.
func local(host string) bool {
	host = strings.ToLower(host)
	last := host[strings.LastIndexByte(host, '.')+1:]
	numeric := strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
	return last == host || numeric || slices.Contains([]string{"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp"}, last) ||
		strings.HasSuffix(host, ".home.arpa")
}
