package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
)

// maxAge lets caches keep a file for as long as the cycle takes to come round, in seconds.
const maxAge = "300"

// maxPath bounds a path, in bytes. Our own are under 200.
const maxPath = 1024

const (
	indexName    = "index.html"
	notFoundName = "404.html"
)

// Options say what to serve.
type Options struct {
	Root string       // the output folder; it may come to be after the server does
	Log  *slog.Logger // told when a file is there and cannot be read; nil: nobody is
}

// Handler serves the files under o.Root. It lists no folder, follows no link out of the root, knows no file
// whose name or folder starts with a dot, and none of an extension that finews does not publish.
func Handler(o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return files{o}
}

type files struct{ Options }

// ServeHTTP answers one request.
func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "strict-origin-when-cross-origin")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "这里只读：GET 或 HEAD。", http.StatusMethodNotAllowed)
		return
	}
	// The root is opened for each request, which costs microseconds: so it may be made, or replaced, later.
	root, err := os.OpenRoot(f.Root)
	if err != nil {
		f.fail(w, r, fmt.Errorf("open the output folder: %w", err))
		return
	}
	defer root.Close()
	if err := serveFile(w, r, root); missing(err) {
		notFound(w, r, root)
	} else if err != nil {
		f.fail(w, r, err)
	}
}

// fail says that the fault is ours and passes: a reader who is told 404 while we are out of file handles would
// give the feed up.
func (f files) fail(w http.ResponseWriter, r *http.Request, err error) {
	f.Log.Error("serve a file", "path", r.URL.Path, "error", err)
	w.Header().Set("Retry-After", maxAge)
	http.Error(w, "暂时不能提供，请稍后再试。", http.StatusServiceUnavailable)
}

// missing reports whether err says that there is no such file for anyone to have, which an attempt to leave the
// root says too (it is no error of the operating system). Other errors of the system are ours.
func missing(err error) bool {
	if err == nil {
		return false
	}
	for _, absent := range []error{fs.ErrNotExist, fs.ErrInvalid, syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.ELOOP} {
		if errors.Is(err, absent) {
			return true
		}
	}
	var system syscall.Errno
	return !errors.As(err, &system)
}

// serveFile answers with the file that the request names. It has written nothing where it returns an error.
func serveFile(w http.ResponseWriter, r *http.Request, root *os.Root) error {
	name, folder, ok := fileName(r.URL.Path)
	if !ok {
		return fs.ErrNotExist
	}
	if folder {
		name = path.Join(name, indexName)
	} else if isFolder(root, name) {
		redirect(w, path.Base(name))
		return nil
	}
	k, ok := kindOf(name)
	if !ok {
		return fs.ErrNotExist
	}
	v, err := choose(root, name, acceptsGzip(r.Header.Values("Accept-Encoding")))
	if err != nil {
		return err
	}
	defer v.file.Close()
	describe(w.Header(), k, v, r.Header.Values("Accept"))
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // many small ranges cost 35 times the file: whoever asks for several gets it whole
	}
	http.ServeContent(w, r, "", v.modified, v.file)
	return nil
}

// fileName returns the name under the root that a path asks for, and whether it asks for a folder. ok is false
// where no file of ours has such a path.
func fileName(address string) (name string, folder, ok bool) {
	name, ok = strings.CutPrefix(address, "/")
	if !ok || len(address) > maxPath || strings.ContainsAny(address, "\x00\\") {
		return "", false, false
	}
	if name == "" {
		return "", true, true
	}
	name, folder = strings.CutSuffix(name, "/")
	if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return "", false, false
	}
	return name, folder, true
}

func isFolder(root *os.Root, name string) bool {
	info, err := root.Stat(name)
	if err != nil || !info.IsDir() {
		return false
	}
	_, err = root.Stat(path.Join(name, indexName))
	return err == nil
}

// redirect adds the slash that the relative links of a folder's page need. The address is relative, so that it
// can lead nowhere but here.
func redirect(w http.ResponseWriter, base string) {
	w.Header().Set("Location", "./"+url.PathEscape(base)+"/")
	w.WriteHeader(http.StatusMovedPermanently)
}

// variant is a file as it is sent: itself, or the compressed one beside it.
type variant struct {
	file     *os.File
	gzipped  bool
	etag     string
	modified time.Time // of the file itself: both variants change together
}

// choose opens the file of that name, or the .gz beside it where the client takes it and it is not older.
func choose(root *os.Root, name string, gzip bool) (variant, error) {
	plain, modified, err := open(root, name)
	if err != nil {
		return variant{}, err
	}
	v := variant{file: plain, modified: modified}
	if gzip {
		if packed, packedAt, err := open(root, name+".gz"); err == nil && !packedAt.Before(modified) {
			plain.Close()
			v.file, v.gzipped = packed, true
		} else if err == nil {
			packed.Close()
		}
	}
	if v.etag, err = etag(v.file); err != nil {
		v.file.Close()
		return variant{}, fmt.Errorf("read %s: %w", name, err)
	}
	return v, nil
}

// open opens a regular file.
func open(root *os.Root, name string) (*os.File, time.Time, error) {
	// Asked before it is opened: to open a pipe would wait for someone to write to it.
	if info, err := root.Stat(name); err != nil {
		return nil, time.Time{}, err
	} else if !info.Mode().IsRegular() {
		return nil, time.Time{}, fs.ErrNotExist
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, time.Time{}, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, time.Time{}, err
	}
	return file, info.ModTime(), nil
}

// etag returns a strong validator (RFC 9110 section 8.8.3): 128 bits of the hash of the bytes that are sent. Unlike
// size and date it is the same on a second machine and after a restored backup, and it never misses a change
// within the clock's tick. A file of 200 KB takes a fifth of a millisecond.
func etag(file *os.File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return `"` + hex.EncodeToString(h.Sum(nil)[:16]) + `"`, nil
}

// describe sets the headers of a file that is there.
func describe(h http.Header, k kind, v variant, accept []string) {
	h.Set("Content-Type", k.typeFor(accept))
	h.Set("Cache-Control", "public, max-age="+maxAge)
	h.Set("ETag", v.etag)
	h.Set("Vary", "Accept-Encoding")
	if k.feed {
		h.Add("Vary", "Accept")
	}
	if v.gzipped {
		h.Set("Content-Encoding", "gzip")
	}
	if k.shared {
		h.Set("Access-Control-Allow-Origin", "*")
	}
}

// notFound answers with the site's own page, or a word where it has none.
func notFound(w http.ResponseWriter, r *http.Request, root *os.Root) {
	w.Header().Set("Cache-Control", "no-cache")
	page, _, err := open(root, notFoundName)
	if err != nil {
		http.Error(w, "没有这个页面。", http.StatusNotFound)
		return
	}
	defer page.Close()
	w.Header().Set("Content-Type", kinds[".html"].mediaType)
	w.WriteHeader(http.StatusNotFound)
	if r.Method == http.MethodGet {
		io.Copy(w, page) // an error is the client's, who is gone
	}
}
