package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.Config;

/** A client's configuration in the form in which other programs take it. */
final class KubeconfigFile {
    private KubeconfigFile() {}

    static io.fabric8.kubernetes.api.model.Config of(Config config) {
        // @formatter:off
        return new ConfigBuilder()
                .withApiVersion("v1")
                .withKind("Config")
                .withCurrentContext("e2e")
                .addNewContext()
                .withName("e2e")
                .withNewContext()
                .withCluster("e2e")
                .withUser("e2e")
                .endContext()
                .endContext()
                .addNewCluster()
                .withName("e2e")
                .withNewCluster()
                .withServer(config.getMasterUrl())
                .withCertificateAuthorityData(config.getCaCertData())
                .withCertificateAuthority(config.getCaCertFile())
                .endCluster()
                .endCluster()
                .addNewUser()
                .withName("e2e")
                .withNewUser()
                .withClientCertificateData(config.getClientCertData())
                .withClientCertificate(config.getClientCertFile())
                .withClientKeyData(config.getClientKeyData())
                .withClientKey(config.getClientKeyFile())
                .withToken(config.getOauthToken())
                .endUser()
                .endUser()
                .build();
        // @formatter:on
    }
}
