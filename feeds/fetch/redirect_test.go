package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"finews.withounder.com/feeds"
)

func TestFault15RedirectKeepsTheAddressOfTheSource(t *testing.T) {
	var seen []http.Header
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header)
		if r.URL.Path == "/rss.xml" {
			w.Header().Set("Location", "/新闻/rss.xml?page=1#头条")
			w.WriteHeader(http.StatusFound)
			return
		}
		w.Header().Set("ETag", `"一"`)
		fmt.Fprint(w, document)
	})
	answer, err := get(newClient(t), server.URL+"/rss.xml")
	if err != nil {
		t.Fatal(err)
	}
	if want := server.URL + "/%E6%96%B0%E9%97%BB/rss.xml?page=1"; answer.URL != want {
		t.Errorf("final address %s, want %s", answer.URL, want)
	}
	if answer.Validators.URL != server.URL+"/rss.xml" {
		t.Errorf("the validators belong to %s", answer.Validators.URL)
	}
	if seen[1].Get("Referer") != "" {
		t.Errorf("a Referer was sent: %s", seen[1].Get("Referer"))
	}
}

func TestFault10Redirects(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		switch _, err := fmt.Sscanf(r.URL.Path, "/hop/%d", &n); {
		case r.URL.Path == "/loop":
			w.Header().Set("Location", "/loop#again")
		case r.URL.Path == "/nowhere":
		case err == nil && n > 0:
			w.Header().Set("Location", fmt.Sprintf("/hop/%d?key=secret", n-1))
		case err == nil:
			fmt.Fprint(w, document)
			return
		}
		w.WriteHeader(http.StatusMovedPermanently)
	})
	client := newClient(t)
	if _, err := get(client, server.URL+"/hop/5"); err != nil {
		t.Errorf("five redirects: %v", err)
	}
	_, err := get(client, server.URL+"/hop/6")
	wantFailure(t, err, phaseRedirect, "one more than 5", "/hop/6 → ", "/hop/3?… → ", "/hop/0?…)")
	_, err = get(client, server.URL+"/loop")
	wantFailure(t, err, phaseRedirect, "in a loop", "/loop → ")
	_, err = get(client, server.URL+"/nowhere")
	wantFailure(t, err, phaseRedirect, "leads nowhere")
}

func TestFault10Downgrade(t *testing.T) {
	asked := 0
	plain := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL+"/rss.xml", http.StatusFound))
	defer secure.Close()
	_, err := get(newClient(t, trusting(secure)), secure.URL)
	wantFailure(t, err, phaseRedirect, "from https to http", secure.URL+" → "+plain.URL)
	if asked != 0 {
		t.Errorf("the http address was asked %d times", asked)
	}
}

func TestFault13Addresses(t *testing.T) {
	client := newClient(t)
	for address, words := range map[string]string{
		"file:///etc/passwd":          "neither http nor https",
		"gopher://county.example/":    "neither http nor https",
		"county.example/rss.xml":      "neither http nor https",
		"http:///rss.xml":             "names no host",
		"http://u:secret@127.0.0.1/":  "user or password",
		"http://127.0.0.1:secret/":    "cannot be read",
		"http://127.0.0.1/%zz-secret": "cannot be read",
	} {
		_, err := get(client, address)
		failure := wantFailure(t, err, phaseAddress, words)
		if strings.Contains(err.Error()+failure.URL, "secret") {
			t.Errorf("%s: the secret shows in %q, %q", address, err, failure.URL)
		}
		if words == "cannot be read" || !strings.Contains(address, ":") {
			continue
		}
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", address)
			w.WriteHeader(http.StatusFound)
		})
		_, err = get(client, server.URL)
		wantFailure(t, err, phaseRedirect, words)
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("redirect to %s: the secret shows in %q", address, err)
		}
	}
}

// A key that the operator gave for one server is not for the one that it redirects to.
func TestHeadersStayAtTheirServer(t *testing.T) {
	seen := map[string]string{}
	var first, second *httptest.Server
	second = serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen["second"] = r.Header.Get("X-Api-Key")
		http.Redirect(w, r, first.URL+"/back", http.StatusFound)
	})
	first = serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen[r.URL.Path] = r.Header.Get("X-Api-Key")
		switch r.URL.Path {
		case "/":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, second.URL+"/", http.StatusFound)
		default:
			fmt.Fprint(w, document)
		}
	})
	s := source(first.URL + "/")
	s.Headers = map[string]string{"X-Api-Key": "秘密"}
	if _, err := newClient(t).Get(context.Background(), s, feeds.Validators{}); err != nil {
		t.Fatal(err)
	}
	if seen["/"] != "秘密" || seen["/moved"] != "秘密" || seen["second"] != "" || seen["/back"] != "" {
		t.Errorf("keys sent: %q", seen)
	}
}

func TestSecretsNeverShow(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			http.Redirect(w, r, "/b?token=secret2", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusForbidden)
	})
	s := source(server.URL + "/a?token=secret1#secret3")
	s.Headers = map[string]string{"Authorization": "Bearer secret4"}
	_, err := newClient(t).Get(context.Background(), s, feeds.Validators{})
	failure := wantFailure(t, err, phaseHTTP, "refused")
	if failure.URL != server.URL+"/b?…" || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %q at %q", err, failure.URL)
	}
	s.URL, s.Headers = "http://127.0.0.1:1/rss.xml?token=secret1", map[string]string{"X-Key": "secret\n2"}
	_, err = newClient(t).Get(context.Background(), s, feeds.Validators{})
	if failure := wantFailure(t, err, phaseConnect); strings.Contains(err.Error()+failure.URL, "secret") {
		t.Errorf("got %q at %q", err, failure.URL)
	}
}

// What a server says may show in a sentence, but neither break its line nor fill the log. That holds for Err
// alone too, which a report may print beside the phase.
func TestSentenceIsOneBoundedLine(t *testing.T) {
	trip, err := newClient(t).newTrip(source("http://county.example/"), "http://county.example/", "", "")
	if err != nil {
		t.Fatal(err)
	}
	failure := trip.failure(phaseHeader, fmt.Errorf("坏\n行\u202e%s%w", strings.Repeat("长", 5000), context.Canceled))
	for _, got := range []string{failure.Error(), "header: " + failure.Err.Error()} {
		if !strings.HasPrefix(got, "header: 坏?行?长") || len([]rune(got)) > maxSentence+len("header: …") {
			t.Errorf("got %.60q, %d runes", got, len([]rune(got)))
		}
	}
	if !errors.Is(failure, context.Canceled) {
		t.Error("the cause is lost")
	}
}
