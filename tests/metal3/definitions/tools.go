//go:build tools

// Package tools pins Metal3's types, and what its own releases make definitions of them with.
package tools

import (
	_ "github.com/metal3-io/baremetal-operator/apis/metal3.io/v1alpha1"
	_ "sigs.k8s.io/controller-tools/cmd/controller-gen"
)
