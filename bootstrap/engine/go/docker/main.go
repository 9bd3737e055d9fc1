// The Pulumi provider for Docker: bridges the Terraform provider. Of the npm package's resources it serves all but
// `Image`, which is no bridged one: `RemoteImage` builds, `RegistryImage` pushes.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	docker "github.com/terraform-providers/terraform-provider-docker/shim"
)

// Set at build time; the engine asks for exactly the version that the npm package names.
var version = "0.0.0-dev"

func main() {
	// Without a schema, types are checked by the upstream provider alone.
	tfbridge.Main("docker", version, provider(), nil)
}

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		Name:         "docker",
		Version:      version,
		P:            shimv2.NewProvider(docker.NewProvider(version)),
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Config: map[string]*tfbridge.SchemaInfo{
			"registry_auth": {Name: "registryAuth"},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_config": {Tok: "docker:index/serviceConfig:ServiceConfig"},
			"docker_image":  {Tok: "docker:index/remoteImage:RemoteImage"},
			"docker_container": {
				// Two containers cannot hold one name or one port.
				DeleteBeforeReplace: true,
				Fields:              map[string]*tfbridge.SchemaInfo{"networks_advanced": {Name: "networksAdvanced"}},
			},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image": {Tok: "docker:index/getRemoteImage:getRemoteImage"},
		},
	}
	info.MustComputeTokens(tokens.SingleModule("docker_", "index", tokens.MakeStandard("docker")))
	return info
}
