package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestErrorsDoNotMoveTheTerminal: whatever stands in an error, and an upstream's words may, is printed so that it can be read.
func TestErrorsDoNotMoveTheTerminal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "said")
	said, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	p := program{stdout: said, stderr: said, getenv: os.Getenv, arguments: []string{"poll", "--农\u202e\u009b2J"}}
	if code := p.run(t.Context()); code != exitFatal {
		t.Errorf("exit %d", code)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "unknown flag: --农\uFFFD\uFFFD2J\n") || strings.ContainsAny(string(text), "\u202e\u009b") {
		t.Errorf("it says %q", text)
	}
}
