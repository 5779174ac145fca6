//go:build !linux && !darwin

package main

import "errors"

// diskSpace is not known on this system.
func diskSpace(string) (free, size int64, err error) { return 0, 0, errors.ErrUnsupported }

// writable is not known on this system.
func writable(string) error { return errors.ErrUnsupported }
