package fetch

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
)

// tlsFault says in words why a server is not trusted, and what to do: insecure_tls helps at the source's own server alone.
func tlsFault(host string, own bool, err error) error {
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return certificateFault(host, own, lifetime(invalid), err)
	case errors.As(err, &name):
		return certificateFault(host, own, "its certificate is "+validFor(name.Certificate)+", not for "+host, err)
	case errors.As(err, &unknown):
		return certificateFault(host, own, "its certificate is signed by an authority that is unknown here", err)
	case errors.As(err, &invalid):
		return certificateFault(host, own, "its certificate is not valid", err)
	case strings.Contains(err.Error(), "protocol version"): // an alert of the server's or an error of ours; neither has a type
		return fmt.Errorf("no secure connection to %s: it speaks no TLS of version 1.2 or newer (%w): its operator has to mend that", host, err)
	}
	return fmt.Errorf("no secure connection to %s: %w: its operator has to mend that", host, err)
}

// lifetime says on which side of its time a certificate is. crypto/x509 has one reason for both.
func lifetime(err x509.CertificateInvalidError) string {
	if strings.Contains(err.Detail, "is before") {
		return "its certificate is not valid before " + err.Cert.NotBefore.UTC().Format("2006-01-02")
	}
	return "its certificate expired on " + err.Cert.NotAfter.UTC().Format("2006-01-02")
}

// maxNames bounds the names of a certificate that are shown: some have a hundred.
const maxNames = 3

func validFor(certificate *x509.Certificate) string {
	names := certificate.DNSNames
	for _, ip := range certificate.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return "valid for no name"
	case len(names) > maxNames:
		return "valid for " + strings.Join(names[:maxNames], ", ") + " and others"
	}
	return "valid for " + strings.Join(names, ", ")
}

func certificateFault(host string, own bool, what string, err error) error {
	advice := "its operator has to mend that"
	if own {
		advice += "; insecure_tls: true at the source asks it all the same"
	}
	return fmt.Errorf("no secure connection to %s: %s (%w): %s", host, what, err, advice)
}
