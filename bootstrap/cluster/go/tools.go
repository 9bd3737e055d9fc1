//go:build tools

// Package tools keeps the programs that are built as they are among the requirements of this module.
package tools

import (
	_ "github.com/containernetworking/plugins/plugins/ipam/host-local"
	_ "github.com/containernetworking/plugins/plugins/main/loopback"
	_ "github.com/containernetworking/plugins/plugins/meta/portmap"
	_ "github.com/coredns/coredns/coremain"
	_ "github.com/distribution/distribution/v3/cmd/registry"
	_ "github.com/projectcalico/calico/cni-plugin/cmd/calico"
	_ "github.com/projectcalico/calico/felix/cmd/calico-felix"
	_ "github.com/rancher/local-path-provisioner"
)
