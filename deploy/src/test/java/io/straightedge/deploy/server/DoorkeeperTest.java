package io.straightedge.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoorkeeperTest {

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,,true",
        "127.0.0.1:8080,,true",
        "[::1]:8080,,true",
        "LOCALHOST,,true",
        "10.0.0.1:8080,,false",
        "evil.example:8080,,false",
        "localhost.evil.example,,false",
        "localhost:8080,http://localhost:8080,true",
        "localhost:8080,http://localhost:9090,false",
        "localhost:8080,http://127.0.0.1:8080,false",
        "localhost,http://localhost,true",
        "localhost,https://localhost,true",
        "localhost:8080,null,false",
        "localhost:8080,file://localhost:8080,false",
        "localhost:8080,http://localhost:8080.evil.example,false",
        "localhost:99999999999,http://localhost:8080,false"
    })
    void objection_onTheLoopback_isToWhatIsNotThisMachine(String host, String origin, boolean allowed) {
        Doorkeeper doorkeeper = new Doorkeeper(new Address("127.0.0.1", 8080), List.of());
        assertThat(doorkeeper.objection(host, origin) == null).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "straightedge.example.org,https://straightedge.example.org,true",
        "straightedge.example.org:443,https://straightedge.example.org,true",
        "Straightedge.Example.org,,true",
        "10.0.0.1:8080,,true",
        "[fd00::1]:8080,,true",
        "localhost,,true",
        "evil.example,,false",
        "x.straightedge.example.org,,false",
        "10.0.0.1.evil.example,,false",
        "straightedge.example.org,https://evil.example,false",
        "straightedge.example.org,http://straightedge.example.org:8080,false"
    })
    void objection_beyondTheLoopback_isToNamesThatAreNotAllowed(String host, String origin, boolean allowed) {
        Doorkeeper doorkeeper = new Doorkeeper(new Address("0.0.0.0", 8080), List.of("straightedge.example.org"));
        assertThat(doorkeeper.objection(host, origin) == null).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"evil.example,,true", "evil.example,http://evil.example,true", "a.example,http://b.example,false"})
    void objection_everyHostAllowed_isToTheOriginAlone(String host, String origin, boolean allowed) {
        Doorkeeper doorkeeper = new Doorkeeper(new Address("0.0.0.0", 8080), List.of("*"));
        assertThat(doorkeeper.objection(host, origin) == null).isEqualTo(allowed);
    }
}
