package storage

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// Variables that tell a child what to do: it is the test binary again, in a process of its own.
const (
	childTask   = "FINEWS_TEST_CHILD"
	childStore  = "FINEWS_TEST_STORE"
	childNumber = "FINEWS_TEST_NUMBER"
)

// TestMain lets the tests run parts of themselves in other processes.
func TestMain(m *testing.M) {
	name := os.Getenv(childTask)
	if name == "" {
		os.Exit(m.Run())
	}
	task, ok := map[string]func(context.Context, string) error{
		"write": writeMany, "hold": holdLock, "save": saveOne, "open": openAsNobody, "load": loadStore, "look": lookAsNobody,
	}[name]
	if !ok {
		fmt.Fprintln(os.Stderr, "there is no task "+name)
		os.Exit(2)
	}
	if err := task(context.Background(), os.Getenv(childStore)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child returns the command of a process that does the task with the store at path.
func child(ctx context.Context, task, path string, env ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, os.Args[0])
	command.Env = append(append(os.Environ(), childTask+"="+task, childStore+"="+path), env...)
	return command
}

// sound fails the test where the store is not as it should be.
func sound(t *testing.T, s *Store) {
	t.Helper()
	findings, err := s.Check(context.Background(), noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Trouble != "" {
			t.Errorf("%s: %s", f.Check, f.Trouble)
		}
	}
}

// query returns the one number that a query selects.
func query(t *testing.T, s *Store, text string, args ...any) (n int) {
	t.Helper()
	if err := s.reader.QueryRow(text, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
