// The Pulumi providers random and tls in one program, which looks at its own name: both bridge a Terraform provider.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	tls "github.com/hashicorp/terraform-provider-tls/shim"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	random "github.com/terraform-providers/terraform-provider-random/shim"
)

// Set at build time; the engine asks for exactly the version that the npm package names.
var randomVersion, tlsVersion = "0.0.0-dev", "0.0.0-dev"

func main() {
	switch program := filepath.Base(os.Args[0]); program {
	case "pulumi-resource-random":
		serve(randomProvider())
	case "pulumi-resource-tls":
		serve(tlsProvider())
	default:
		fmt.Fprintf(os.Stderr, "called as %q; expected pulumi-resource-random or pulumi-resource-tls\n", program)
		os.Exit(2)
	}
}

func serve(info tfbridge.ProviderInfo) {
	// Only `pulumi package get-schema` reads the schema; programs use the typed npm package instead.
	schema := fmt.Sprintf(`{"name":%q,"version":%q}`, info.Name, info.Version)
	pf.Main(context.Background(), info.Name, info, pf.ProviderMetadata{PackageSchema: []byte(schema)})
}

func randomProvider() tfbridge.ProviderInfo {
	info := describe("random", randomVersion, random.NewProvider())
	info.Resources = map[string]*tfbridge.ResourceInfo{
		// The upstream resource has no id; what it holds is a secret, so nothing of it may become one.
		"random_bytes": {ComputeID: func(context.Context, resource.PropertyMap) (resource.ID, error) { return "none", nil }},
	}
	standard := tokens.MakeStandard("random")
	// This provider's types keep the prefix that others drop: random_password is RandomPassword.
	info.MustComputeTokens(tokens.SingleModule("random_", "index", func(module, name string) (string, error) {
		return standard(module, "Random"+name)
	}))
	return info
}

func tlsProvider() tfbridge.ProviderInfo {
	info := describe("tls", tlsVersion, tls.NewProvider())
	info.MustComputeTokens(tokens.SingleModule("tls_", "index", tokens.MakeStandard("tls")))
	return info
}

func describe(name, version string, upstream provider.Provider) tfbridge.ProviderInfo {
	return tfbridge.ProviderInfo{
		Name:         name,
		Version:      version,
		P:            pf.ShimProvider(upstream),
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
	}
}
