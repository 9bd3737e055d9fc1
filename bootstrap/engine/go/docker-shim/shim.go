// Package shim gives access to the upstream provider, which Go lets only modules below its path import.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"

	upstream "github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// NewProvider returns the upstream provider.
func NewProvider(version string) *schema.Provider { return upstream.New(version)() }
