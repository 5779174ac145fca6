package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
)

// TestStoreInTheMaking: the first poll has the lock before there is a store. Who comes then is told of it, and not that
// there is no store.
func TestStoreInTheMaking(t *testing.T) {
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	text := "site: {title: 农金消息, url: \"https://finews.example\"}\nsources: [{name: 县域金融, url: \"https://county.example/rss.xml\"}]\n"
	if err := os.WriteFile(path("feeds.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(words ...string) (int, string) {
		printed, err := os.Create(path("printed"))
		if err != nil {
			t.Fatal(err)
		}
		defer printed.Close()
		words = append(words, "--config", path("feeds.yaml"), "--db", path("finews.db"))
		code := program{stdout: printed, stderr: printed, getenv: os.Getenv, arguments: words}.run(t.Context())
		said, err := os.ReadFile(printed.Name())
		if err != nil {
			t.Fatal(err)
		}
		return code, string(said)
	}
	for _, words := range [][]string{{"publish", "--out", path("public")}, {"accept", "县域金融"}} {
		if code, said := run(words...); code != exitFatal || !strings.Contains(said, "no store") {
			t.Errorf("without a store, %s: exit %d: %s", words[0], code, said)
		}
	}
	if _, err := os.Stat(path("finews.db.lock")); err == nil {
		t.Error("a lock was made beside no store")
	}
	lock := flock.New(path("finews.db.lock"))
	if taken, err := lock.TryLock(); !taken || err != nil {
		t.Fatal(taken, err)
	}
	if code, said := run("publish", "--out", path("public")); code != exitWell || !strings.Contains(said, "already running") {
		t.Errorf("publish: exit %d: %s", code, said)
	}
	if code, said := run("accept", "县域金融", "--wait", "0s"); code != exitFatal || !strings.Contains(said, "is at work") {
		t.Errorf("accept: exit %d: %s", code, said)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if code, said := run("publish", "--out", path("public")); code != exitFatal || !strings.Contains(said, "no store") {
		t.Errorf("after it: exit %d: %s", code, said)
	}
}
