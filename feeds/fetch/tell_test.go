package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"finews.withounder.com/feeds"
)

// change is what a hub is told.
var change = url.Values{"hub.mode": {"publish"}, "hub.url": {"https://finews.example.org/农金网.xml?甲=1&b=2"}}

func tell(client *Client, address string) error {
	return client.Tell(context.Background(), address, change)
}

func TestTellPostsAForm(t *testing.T) {
	var got []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, err := url.ParseQuery(string(body))
		if diff := cmp.Diff(change, form); diff != "" || err != nil {
			t.Errorf("form -want +got:\n%s%v", diff, err)
		}
		got = append(got, r.Method, r.URL.String(), fmt.Sprint(r.ContentLength == int64(len(body))))
		for _, name := range []string{"User-Agent", "Content-Type", "Accept", "Cookie", "Referer", "Authorization", "If-None-Match"} {
			got = append(got, r.Header.Get(name))
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if err := tell(newClient(t), server.URL+"/hub?key=1"); err != nil {
		t.Fatal(err)
	}
	want := []string{"POST", "/hub?key=1", "true", userAgent, "application/x-www-form-urlencoded", "*/*", "", "", "", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("request -want +got:\n%s", diff)
	}
}

func TestTellStatuses(t *testing.T) {
	for status, words := range map[int]string{
		200: "", 201: "", 202: "", 204: "", 206: "", 299: "",
		300: "unexpected status", 304: "unexpected status", 400: "refused: check the address", 403: "refused: check the address",
		404: "nothing is there", 405: "nothing is there", 407: "by the proxy", 410: "nothing is there", 429: "too many requests",
		500: "the server failed", 503: "not available now",
	} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(status)
		})
		err := tell(newClient(t), server.URL)
		if words == "" {
			if err != nil {
				t.Errorf("%d: %v", status, err)
			}
			continue
		}
		failure := wantFailure(t, err, phaseHTTP, fmt.Sprint(status), words)
		wait := map[int]time.Duration{429: 2 * time.Minute, 503: 2 * time.Minute}[status]
		if failure.Status != status || failure.RetryAfter != wait || strings.Contains(err.Error(), "source") {
			t.Errorf("%d: status %d, retry after %v: %v", status, failure.Status, failure.RetryAfter, err)
		}
	}
}

func TestTellFollowsNoRedirect(t *testing.T) {
	asked := 0
	there := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	for status, where := range map[int]string{301: there.URL + "/新?token=s3cret", 302: "/x", 303: there.URL, 307: there.URL, 308: ""} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", where)
			w.WriteHeader(status)
		})
		err := tell(newClient(t), server.URL)
		failure := wantFailure(t, err, phaseRedirect, fmt.Sprint(status), map[bool]string{true: "to no address", false: "leads to http://127.0.0.1:"}[where == ""])
		if failure.Status != status || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%d: %+v", status, failure)
		}
	}
	if asked != 0 {
		t.Errorf("the other server was asked %d times", asked)
	}
}

// A hub is asked at the address that the operator wrote, with its port, and in a private network where that is listed; it
// opens no way to any other.
func TestTellIsGuarded(t *testing.T) {
	server, asked := listening(t, "127.0.0.1:0")
	address := "http://" + server.Addr().String() + "/hub?token=s3cret"
	closed := newClient(t, func(o *Options) { o.Network.AllowPrivate = nil })
	failure := wantFailure(t, tell(closed, address), phaseGuard, "not a public address", "network.allow_private")
	if asked.Load() != 0 || failure.URL != "http://"+server.Addr().String()+"/hub?…" {
		t.Errorf("asked %d times; shown as %s", asked.Load(), failure.URL)
	}
	listed := map[string]any{}
	open := newClient(t, func(o *Options) { o.Dial = tellPort(listed) })
	wantFailure(t, tell(open, "http://hub.example:8080/"), phaseConnect, "hub.example")
	if listed["hub.example:8080"] != "8080" {
		t.Errorf("ports of the catalogue: %v", listed)
	}
}

func TestTellGoesThroughTheProxy(t *testing.T) {
	asked := &proxied{}
	proxy := httptest.NewServer(asked.httpProxy(nil))
	t.Cleanup(proxy.Close)
	client := newClient(t, func(o *Options) { o.Network.Proxy = proxy.URL })
	if err := tell(client, "http://hub.example/"); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, tell(client, "http://10.0.0.1/"), phaseGuard, "not a public address")
	if diff := cmp.Diff([]string{"POST http://hub.example/"}, asked.asked); diff != "" {
		t.Errorf("the proxy was asked -want +got:\n%s", diff)
	}
}

// What cannot be an address is told without it: it may hold a password.
func TestTellRefusesAddresses(t *testing.T) {
	for _, address := range []string{"", "农金网", "/hub", "ftp://hub.example/s3cret", "http://", "http://管理员:s3cret@hub.example/", "http://hub.example/%zz?s3cret"} {
		err := tell(newClient(t), address)
		if wantFailure(t, err, phaseAddress, "feeds.yaml"); strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
	}
}

// What a hub says is not waited for, however much it is or however slowly it comes.
func TestTellReadsLittle(t *testing.T) {
	long := &counter{reader: strings.NewReader(strings.Repeat("好", 1<<20))}
	reply := &http.Response{StatusCode: http.StatusAccepted, Body: io.NopCloser(long)}
	if err := newClient(t).told(&trip{}, reply); err != nil || long.bytes.Load() > 2*maxReply {
		t.Errorf("%d bytes were read: %v", long.bytes.Load(), err)
	}
	drip := serveRaw(t, func(conn net.Conn) {
		readRequest(conn)
		fmt.Fprint(conn, "HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n好")
		hold(conn)
	})
	if err := tell(newClient(t, hasty), drip); err != nil {
		t.Error(err)
	}
	mute := serveRaw(t, func(conn net.Conn) { readRequest(conn); hold(conn) })
	wantFailure(t, tell(newClient(t, hasty), mute), phaseHeader, "had not finished after 500ms in all")
}

func TestTellTakesFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := piped(t, 0, func(conn net.Conn, _ string) { hold(conn) })
		defer client.CloseIdle()
		wantFailure(t, tell(client, "http://hub.example/"), phaseHeader, "had not finished after 5s in all")
	})
}

// hasty makes the requests of a client end soon.
func hasty(o *Options) { o.Timeouts.Total = 500 * time.Millisecond }

// A Tell does not wait for a turn at the host, nor is waited for: a source on the same server is asked as if it had not been.
func TestTellTakesNoTurn(t *testing.T) {
	asked := 0
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) { asked++; fmt.Fprint(w, "收到") })
	client := newClient(t, func(o *Options) { o.Network.HostInterval = time.Hour })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // an hour is no wait to begin with
	defer cancel()
	for range 2 {
		if err := client.Tell(ctx, server.URL, change); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.Get(ctx, source(server.URL), feeds.Validators{}); err != nil {
		t.Error(err)
	}
	if err := client.Tell(ctx, server.URL, change); err != nil || asked != 4 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// A connection that waits is used again, and another is made where its server has closed it.
func TestTellUsesConnectionsAgain(t *testing.T) {
	connections := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, "收到")
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections++
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := newClient(t)
	for range 3 {
		if err := tell(client, server.URL); err != nil {
			t.Fatal(err)
		}
	}
	if connections != 1 {
		t.Errorf("%d connections", connections)
	}
	server.CloseClientConnections()
	if err := tell(client, server.URL); err != nil {
		t.Error(err)
	}
}
