package main

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"finews.withounder.com/feeds/fetch"
)

// crowded listens on loopback with a queue that is full: Linux then drops the packets of whoever connects.
func crowded(t *testing.T) (hostPort string) {
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
	hostPort = fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 16 {
		conn, err := net.DialTimeout("tcp", hostPort, 100*time.Millisecond)
		if err != nil {
			return hostPort
		}
		t.Cleanup(func() { conn.Close() })
	}
	t.Skip("this system's queue of connections cannot be filled")
	return ""
}

func TestFault04DialTimeout(t *testing.T) {
	ails := func(set func(*fetch.Timeouts)) func(*testing.T, *plight) {
		return func(t *testing.T, p *plight) {
			p.url = "http://" + crowded(t) + "/subject?token=" + ailSecret
			p.network = func(o *fetch.Options) { set(&o.Timeouts) }
		}
	}
	short := 100 * time.Millisecond
	pass(t,
		ailment{"dial", ails(func(t *fetch.Timeouts) { t.Dial = short }), "connect", 0, []string{"no connection to 127.0.0.1 within 100ms"}},
		ailment{"total", ails(func(t *fetch.Timeouts) { t.Total = short }), "connect", 0, []string{"not finished after 100ms in all"}},
	)
}
