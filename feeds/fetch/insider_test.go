package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

// town is a client that may ask 127.0.0.2 and 127.0.0.3, a private server on the latter, and upstreams by name, each with
// its own addresses. What is at port 80 of a name is served here, as if its address were dialled.
type town struct {
	*Client
	private string
	asked   func() int64
}

// townAddresses are what the name server of a town says.
var townAddresses = map[string]string{
	"county.example.": "8.8.8.8",            // public
	"mixed.example.":  "8.8.8.8,127.0.0.2",  // public, whatever it says beside
	"oa.example.":     "127.0.0.2",          // of the intranet
	"both.example.":   "127.0.0.2,10.0.0.1", // of two intranets
}

func newTown(t *testing.T, changes ...func(*Options)) town {
	t.Helper()
	listener, asked := listening(t, "127.0.0.3:0")
	private := "http://" + listener.Addr().String()
	upstream := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/inside" {
			http.Redirect(w, r, private+"/内网", http.StatusFound)
			return
		}
		fmt.Fprint(w, document)
	})
	changes = append(changes, allowing("127.0.0.2/31"), func(o *Options) {
		o.Resolver = resolver(t, func(name string) (int, string) {
			if address, known := townAddresses[name]; known {
				return 0, address
			}
			return nameError, ""
		})
	})
	client := newClient(t, changes...)
	served := func(dial dialer) dialer {
		return func(ctx context.Context, network, address string) (net.Conn, error) {
			if name, port, _ := net.SplitHostPort(address); port == "80" && townAddresses[name] != "" {
				return (&net.Dialer{}).DialContext(ctx, network, upstream.Listener.Addr().String())
			}
			return dial(ctx, network, address)
		}
	}
	client.transports.direct, client.transports.insider = served(client.transports.direct), served(client.transports.insider)
	return town{client, private, asked.Load}
}

// The operator lets finews ask a private network. That is for sources that stand in it, not for whatever a public one
// links to.
func TestPublicSourcesDoNotLeadIntoListedNetworks(t *testing.T) {
	town := newTown(t)
	for _, test := range []struct {
		home   string
		inside bool
	}{
		{"http://county.example./", false}, {"http://mixed.example./", false}, {"http://nobody.example./", false}, {"http://8.8.8.8/", false},
		{"http://oa.example./", true}, {"http://OA.example./", true}, {"http://both.example./", true}, {"http://127.0.0.2/", true},
		{"http://①②⑦.0.0.2/", true}, {"http://[::ffff:127.0.0.2]/", true},
		{"http://county.example./", false}, // now that the connections of those who may are waiting
	} {
		before := town.asked()
		s := source(test.home + "rss.xml")
		_, err := town.GetAt(context.Background(), s, town.private+"/文章.html")
		switch {
		case test.inside && (err != nil || town.asked() == before):
			t.Errorf("from %s: %v", test.home, err)
		case !test.inside:
			wantFailure(t, err, phaseGuard, "127.0.0.3:", "a public source may not lead there", "network.allow_private")
			if town.asked() != before {
				t.Errorf("from %s the private server was asked", test.home)
			}
		}
	}
}

func TestPublicSourcesAreNotRedirectedIntoListedNetworks(t *testing.T) {
	town := newTown(t)
	for host, inside := range map[string]bool{"county.example.": false, "mixed.example.": false, "oa.example.": true} {
		before := town.asked()
		_, err := get(town.Client, "http://"+host+"/inside")
		_, errAt := town.GetAt(context.Background(), source("http://"+host+"/rss.xml"), "http://"+host+"/inside")
		if inside {
			if err != nil || errAt != nil || town.asked() == before {
				t.Errorf("from %s: %v, %v", host, err, errAt)
			}
			continue
		}
		wantFailure(t, err, phaseGuard, "a public source may not lead there")
		wantFailure(t, errAt, phaseGuard, "a public source may not lead there")
		if town.asked() != before {
			t.Errorf("from %s the private server was asked", host)
		}
	}
}

// A public source that has moved, as it says itself, is no insider where it says that it is now.
func TestMovedSourcesAreInsidersByTheirHome(t *testing.T) {
	town := newTown(t)
	s := source(town.private + "/rss.xml")
	s.Home = "http://county.example./rss.xml"
	_, err := town.Get(context.Background(), s, feeds.Validators{})
	wantFailure(t, err, phaseGuard, "a public source may not lead there")
	s.Home = "http://oa.example./rss.xml"
	if _, err := town.Get(context.Background(), s, feeds.Validators{}); err != nil {
		t.Error(err)
	}
}

// A connection that waits for reuse is dialled no more: those into listed networks wait for insiders alone.
func TestListedConnectionsWaitForInsidersAlone(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skipf("this machine does not listen on 127.0.0.2: %v", err)
	}
	server := &http.Server{Handler: http.HandlerFunc(sayDocument)}
	go server.Serve(listener)
	defer server.Close()
	town, address := newTown(t), "http://"+listener.Addr().String()
	if _, err := get(town.Client, address+"/rss.xml"); err != nil {
		t.Fatal(err)
	}
	_, err = town.GetAt(context.Background(), source("http://county.example./"), address+"/文章.html")
	wantFailure(t, err, phaseGuard, "a public source may not lead there")
}

func TestPublicSourcesDoNotLeadIntoListedNetworksThroughAProxy(t *testing.T) {
	seen := &proxied{}
	town := newTown(t, func(o *Options) { o.Network.Proxy = serve(t, seen.httpProxy(nil)).URL })
	_, err := town.GetAt(context.Background(), source("http://county.example./"), town.private+"/")
	wantFailure(t, err, phaseGuard, "a public source may not lead there")
	if len(seen.asked) != 0 {
		t.Errorf("the proxy was asked for %q", seen.asked)
	}
	for _, home := range []string{"http://oa.example./", "http://127.0.0.2/", town.private} {
		if _, err := town.GetAt(context.Background(), source(home), town.private+"/"); err != nil {
			t.Errorf("from %s: %v", home, err)
		}
	}
}

// What the operator accepts of a source's own server, it accepts of no other that the source leads to.
func TestInsecureIsOfTheSourcesServer(t *testing.T) {
	asked := 0
	other := serveTLS(t, func(w http.ResponseWriter, r *http.Request) { asked++ })
	home := serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/leave" {
			http.Redirect(w, r, other.URL+"/新闻", http.StatusFound)
			return
		}
		fmt.Fprint(w, document)
	})
	client, s := newClient(t), source(home.URL+"/rss.xml")
	s.InsecureTLS = true
	if _, err := client.GetAt(context.Background(), s, home.URL+"/文章.html"); err != nil {
		t.Error(err)
	}
	for _, address := range []string{other.URL + "/文章.html", home.URL + "/leave"} {
		_, err := client.GetAt(context.Background(), s, address)
		if wantFailure(t, err, phaseTLS, "unknown here"); strings.Contains(err.Error(), "insecure_tls") {
			t.Errorf("what is set already is advised: %v", err)
		}
	}
	s.Home, s.URL = s.URL, other.URL+"/rss.xml"
	_, err := client.Get(context.Background(), s, feeds.Validators{})
	wantFailure(t, err, phaseTLS, "unknown here")
	if asked != 0 {
		t.Errorf("the other server was asked %d times", asked)
	}
}

// A source that has moved sends what the operator gave it to the server that the operator named, not to the one that it
// says it is on now; and to the former also where it leads back there.
func TestHeadersGoHomeAlone(t *testing.T) {
	home, seen := recorder(t, nil)
	moved, foreign := recorder(t, map[string]string{"/back.xml": home + "/back.xml", "/left": home + "/page-by-foreign"})
	s := source(moved + "/rss.xml")
	s.Home = home + "/rss.xml"
	s.Headers = map[string]string{"X-Api-Key": "秘密", "Authorization": "Basic 6K+76ICF"}
	client := newClient(t)
	ask := func(url, at string) {
		t.Helper()
		s.URL = url
		_, err := client.Get(context.Background(), s, feeds.Validators{})
		if at != "" {
			_, err = client.GetAt(context.Background(), s, at)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ask(moved+"/rss.xml", moved+"/page")
	ask(moved+"/rss.xml", home+"/page")
	ask(moved+"/rss.xml", moved+"/left")
	ask(moved+"/back.xml", "")
	for path, header := range foreign {
		if header.Get("X-Api-Key")+header.Get("Authorization") != "" {
			t.Errorf("%s of where it has moved to got %q", path, header)
		}
	}
	for path, want := range map[string]bool{"/page": true, "/back.xml": true, "/page-by-foreign": false} {
		if got := seen[path]; got == nil || (got.Get("X-Api-Key") == "秘密" && got.Get("Authorization") == "Basic 6K+76ICF") != want {
			t.Errorf("%s at home got %q, want the source's headers: %t", path, got, want)
		}
	}
}
