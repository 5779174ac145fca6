// Command finews polls feeds of rural-finance news, keeps their entries by category, and publishes each category
// as RSS, Atom, JSON Feed, pages and embeds. `finews --help` tells how.
//
// This package is the command line: a small file for each command, and the wiring of all rooms in house.go.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // a bare machine or a container has no zones of its own

	"finews.withounder.com/feeds/catalog"
	"finews.withounder.com/feeds/fetch"
)

// The exit codes. Cron mails what was printed, and scripts ask for the code.
const (
	exitWell    = 0
	exitSources = 1 // a source that was asked failed, and the rest is published; or doctor found trouble
	exitFatal   = 2 // configuration, store, disk or a word of the command: nothing more was done; or not all could be published
)

// memoryLimit is what the Go runtime is asked to stay below where the environment does not say otherwise (GOMEMLIMIT), in
// bytes: without it, garbage may grow to the size of what is alive, and finews runs on small machines.
const memoryLimit = 160 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	// The first signal ends what runs in good order; the second ends it now.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	p := program{stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, arguments: os.Args[1:]}
	os.Exit(p.run(ctx))
}

// program is the process as its commands see it.
type program struct {
	stdout, stderr *os.File
	getenv         func(string) string
	arguments      []string
	network        func(*fetch.Options) // see house
	now            func() time.Time     // nil: time.Now
}

// time is the present time, as commands that poll, or that judge what polling left, see it.
func (p program) time() time.Time {
	if p.now == nil {
		return time.Now()
	}
	return p.now()
}

// run runs the command line and returns the exit code.
func (p program) run(ctx context.Context) int {
	root := newRoot(p)
	root.SetArgs(p.arguments)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return exitWell
	case errors.Is(err, errSources), errors.Is(err, errTrouble):
		return exitSources
	case err == errUnpublished: // and nothing beside it
		return exitFatal
	}
	if mistakes, ok := errors.AsType[catalog.Mistakes](err); ok {
		fmt.Fprintln(p.stderr, mistakes) // file:line: first on each line, as editors read it
		return exitFatal
	}
	sheet{p.stderr}.lines(fmt.Sprintf("finews: %v\n", err)) // the words of an upstream may stand in it
	return exitFatal
}

// errSources says that a source failed. The report has said which, and why.
var errSources = errors.New("a source failed")
