//go:build tools

// Package tools keeps the programs that are built as they are among the requirements of this module.
package tools

import _ "k8s.io/kubernetes/cmd/kubeadm"
