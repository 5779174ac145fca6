package fetch

import (
	"context"
	"fmt"
	"net"
	"net/netip"
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

// guardedDial returns a dialer that checks the address it is about to connect to. By then names are resolved,
// so neither DNS nor a redirect nor an odd spelling of an address leads around it.
func guardedDial(allow []netip.Prefix, resolver *net.Resolver, timeout time.Duration) func(context.Context, string, string) (net.Conn, error) {
	guardian := ssrf.New(ssrf.WithAnyPort()) // the port is judged in control, which knows the source
	dialer := &net.Dialer{
		Timeout:  timeout,
		Resolver: resolver,
		ControlContext: func(ctx context.Context, network, address string, conn syscall.RawConn) error {
			return control(ctx, guardian, allow, network, address)
		},
	}
	return dialer.DialContext
}

// control lets through: any port of a network that the operator allowed; otherwise public addresses (all but
// the IANA special-purpose registries) on ports 80 and 443, and on the port of the source's own address.
// A connection that waits for reuse was let through for a source whose address names that host and port.
func control(ctx context.Context, guardian *ssrf.Guardian, allow []netip.Prefix, network, address string) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return &blocked{address, "it is no address"}
	}
	for _, prefix := range allow {
		if prefix.Contains(target.Addr().Unmap().WithZone("")) {
			return nil
		}
	}
	if err := guardian.Safe(network, address, nil); err != nil {
		return &blocked{address, "it is not a public address; if it is yours, list its network under network.allow_private"}
	}
	listed, _ := ctx.Value(listedPortKey{}).(string)
	if p := fmt.Sprint(target.Port()); p != "80" && p != "443" && p != listed {
		return &blocked{address, "only ports 80 and 443 are asked; if the source moved there, write the address with its port into feeds.yaml"}
	}
	return nil
}
