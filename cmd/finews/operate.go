package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"finews.withounder.com/feeds"
	"finews.withounder.com/storage"
)

// operating are the flags of the commands that change what is stored.
type operating struct {
	places
	wait time.Duration
}

// addWait adds --wait. These commands wait where poll and publish step aside: another poll comes in five minutes, but
// nobody types hide again.
func (o *operating) addWait(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&o.wait, "wait", time.Minute, "how long to wait for a poll to end")
}

// operate calls do alone with the store. It waits for another run to end; where that takes too long, or the operator
// has enough of it, nothing was done and the error says so.
func (h *house) operate(ctx context.Context, p program, command string, wait time.Duration, do func() error) error {
	const purpose = "to change"
	if err := h.places.needStoreOrLock(purpose); err != nil {
		return err
	}
	l, err := h.awaitLock(ctx, command, wait, func(who string) {
		if isTerminal(p.stderr) {
			fmt.Fprintf(p.stderr, "finews: waiting for %s\n", who)
		}
	})
	if err != nil {
		return err
	}
	defer l.release()
	if err := h.places.needStore(purpose); err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	return uninterrupted(h.close(do()))
}

// uninterrupted makes an error of an end that was asked for: for these commands it is no success, as it is for poll.
func uninterrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted: %v", err)
	}
	return err
}

// needOutput is an error where nothing is published: a folder of a wrong name would be filled, and what was to be
// changed would stay as it is.
func (pl places) needOutput() error {
	if _, err := os.Stat(pl.out); err != nil {
		return fmt.Errorf("no published files to change: %w; name their folder with --out, or publish first", err)
	}
	return nil
}

// publishChange publishes what a command changed in the store.
func (h *house) publishChange(ctx context.Context, p program) error {
	_, err := h.publishTyped(ctx, p, extent{})
	switch {
	case storage.Damaged(err): // what to do about that stands in it
		return fmt.Errorf("not all of %s could be published: %w", h.places.out, err)
	case err != nil && strings.Contains(err.Error(), "run finews publish"): // here too
		return fmt.Errorf("what was done is stored, and not all of %s could be published: %w", h.places.out, err)
	case err != nil:
		return fmt.Errorf("what was done is stored, and not all of %s could be published: %w: run finews publish", h.places.out, err)
	}
	return nil
}

// addAll adds the flags of a command that changes what is published, too.
func (o *operating) addAll(cmd *cobra.Command) {
	o.addConfig(cmd)
	o.addStore(cmd)
	o.addOut(cmd)
	o.addWait(cmd)
}

// change does something to the store, alone, and publishes what that changed. It publishes also where nothing changed:
// an earlier run may have been cut short before it came to that.
func (o operating) change(ctx context.Context, p program, command string, do func(context.Context, *house) error) error {
	h, err := newHouse(p, o.places)
	if err != nil {
		return err
	}
	if err := o.needOutput(); err != nil {
		return err
	}
	return h.operate(ctx, p, command, o.wait, func() error {
		if err := do(ctx, h); err != nil {
			return err
		}
		return h.publishChange(ctx, p)
	})
}

// nameOf names an entry in what a command says: its digits, outlet and title.
func nameOf(e feeds.Entry) string {
	return printable(digits(e.ID) + " " + e.Outlet + "：" + e.Title)
}
