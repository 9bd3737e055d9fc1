//go:build tools

// Package tools keeps the program that is built as it is among the requirements of this module. It is apart from
// the other programs only because felix needs an older k8s.io/kubernetes; all other versions are the same, so that
// their compilation is shared.
package tools

import (
	_ "github.com/projectcalico/calico/felix/cmd/calico-felix"
)
