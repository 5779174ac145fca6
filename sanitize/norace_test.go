//go:build !race

package sanitize

const thorough = 1
