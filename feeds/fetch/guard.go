package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// blocked is an address that the guard refuses to dial.
type blocked struct {
	address string
	why     string
}

func (b *blocked) Error() string { return fmt.Sprintf("%s is not dialled: %s", b.address, b.why) }

type listedPortKey struct{}

// withListedPort lets a connection go to a port that the catalogue itself names.
func withListedPort(ctx context.Context, port string) context.Context {
	return context.WithValue(ctx, listedPortKey{}, port)
}

// dialer opens a connection, as [net.Dialer.DialContext] does.
type dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// guard knows which addresses may be asked.
type guard struct {
	guardian *ssrf.Guardian
	resolver *net.Resolver
	allow    []netip.Prefix
}

// wireServer is what Azure serves secrets of its machines on, among them: an address that no registry calls special.
var wireServer = netip.MustParsePrefix("168.63.129.16/32")

func newGuard(allow []netip.Prefix, resolver *net.Resolver) *guard {
	guardian := ssrf.New(ssrf.WithAnyPort(), ssrf.WithDeniedV4Prefixes(wireServer)) // the port is judged in control, which knows the source
	return &guard{guardian, resolver, allow}
}

// dialer returns a dialer that checks the address it is about to connect to. By then names are resolved,
// so neither DNS nor a redirect nor an odd spelling of an address leads around it. insider: see control.
func (g *guard) dialer(insider bool, timeout time.Duration) dialer {
	return (&net.Dialer{
		Timeout:  timeout,
		Resolver: g.resolver,
		ControlContext: func(ctx context.Context, network, address string, conn syscall.RawConn) error {
			return g.control(ctx, network, address, insider)
		},
	}).DialContext
}

// control lets through: for an insider, any port of a network that the operator allowed; otherwise public addresses (all
// but the IANA special-purpose registries) on ports 80 and 443, and on the port of the source's own address.
// A connection that waits for reuse was let through for a source whose address names that host and port.
//
// An insider is who asks a source's own server, or for a source that stands in such a network itself. To allow a network
// is not to open it to whatever a public source links to: what is there would be published.
func (g *guard) control(ctx context.Context, network, address string, insider bool) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &blocked{address, "it is no address"}
	}
	switch allowed := g.allowed(target.Addr()); {
	case allowed && insider:
		return nil
	case allowed:
		return &blocked{address, "its network is listed under network.allow_private, and a public source may not lead there; " +
			"if that is meant, write the address into feeds.yaml as a source of its own"}
	}
	if err := g.guardian.Safe(network, address, nil); err != nil {
		return &blocked{address, "it is not a public address; if it is yours, list its network under network.allow_private"}
	}
	if fault := portFault(ctx, fmt.Sprint(target.Port())); fault != "" {
		return &blocked{address, fault}
	}
	return nil
}

func (g *guard) allowed(ip netip.Addr) bool {
	return slices.ContainsFunc(g.allow, func(prefix netip.Prefix) bool { return prefix.Contains(ip.Unmap().WithZone("")) })
}

// inside reports whether a host stands in a network that the operator allowed: one of its addresses does, and none is
// public. A public host may name a private address beside its own in its DNS, so that one alone says nothing.
func (g *guard) inside(ctx context.Context, host string) bool {
	if len(g.allow) == 0 {
		return false
	}
	addresses, err := g.resolver.LookupNetIP(ctx, "ip", asciiHost(host))
	public := func(ip netip.Addr) bool { return !g.allowed(ip) && g.guardian.SafeAddr(ip.Unmap()) == nil }
	return err == nil && slices.ContainsFunc(addresses, g.allowed) && !slices.ContainsFunc(addresses, public)
}

// portFault says why a port may not be asked; it is empty where it may.
func portFault(ctx context.Context, port string) string {
	if listed, _ := ctx.Value(listedPortKey{}).(string); port == "80" || port == "443" || port == listed {
		return ""
	}
	return "only ports 80 and 443 are asked; if the source moved there, write the address with its port into feeds.yaml"
}
