package fetch

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"
)

// fullServer listens on loopback with a queue that is full: Linux then drops the packets of whoever connects.
func fullServer(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 16 {
		conn, err := net.DialTimeout("tcp", address, 100*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { conn.Close() })
	}
	t.Skip("this system's queue of connections cannot be filled")
	return ""
}

func TestFault04DialTimeout(t *testing.T) {
	address := fullServer(t)
	_, err := get(newClient(t, func(o *Options) { o.Timeouts.Dial = 50 * time.Millisecond }), "http://"+address+"/rss.xml")
	wantFailure(t, err, phaseConnect, "no connection to 127.0.0.1 within 50ms")
	_, err = get(newClient(t, func(o *Options) { o.Timeouts.Total = 50 * time.Millisecond }), "http://"+address+"/rss.xml")
	wantFailure(t, err, phaseConnect, "not finished after 50ms in all")
}
