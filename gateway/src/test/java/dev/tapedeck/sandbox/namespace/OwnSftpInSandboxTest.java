package dev.tapedeck.sandbox.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.Running;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.sandbox.SftpServers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our own SFTP server as sandboxes run it where OpenSSH's is not installed. */
class OwnSftpInSandboxTest {

  @Test
  void servesWithTheSandboxsOwnRights() throws Exception {
    NamespaceEngine engine =
        new NamespaceEngine(SandboxLimits.DEFAULT, SftpServers.own(), Wall.here());
    try (Sandbox sandbox = engine.create();
        SandboxProcess process =
            sandbox.start(
                new ProcessSpec(new ProcessSpec.Program.Sftp(), "alice", Map.of(), null))) {
      DataInputStream in = new DataInputStream(process.output());
      DataOutputStream out = new DataOutputStream(process.input());
      send(out, message(1, 3));
      assertThat(in.readNBytes(in.readInt())).startsWith(2, 0, 0, 0, 3);

      Running.output(sandbox, "echo 'größe' >~/größe; ln -s /etc/shadow ~/out");
      assertThat(type(open(in, out, "größe", 1))).isEqualTo(102);
      assertThat(type(open(in, out, "out", 1))).isEqualTo(101);
      assertThat(type(open(in, out, "/etc/planted", 2 | 8))).isEqualTo(101);
      assertThat(type(open(in, out, "made", 2 | 8))).isEqualTo(102);
      assertThat(Running.output(sandbox, "ls ~")).isEqualTo("größe\nmade\nout");
      process.input().close();
      assertThat(process.await().number()).isZero();
    } finally {
      engine.close();
    }
  }

  private static int type(byte[] answer) {
    return answer[0];
  }

  private static byte[] open(DataInputStream in, DataOutputStream out, String path, int flags)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(bytes);
    byte[] name = path.getBytes(UTF_8);
    fields.write(message(3, 7));
    fields.writeInt(name.length);
    fields.write(name);
    fields.writeInt(flags);
    fields.writeInt(0);
    send(out, bytes.toByteArray());
    return in.readNBytes(in.readInt());
  }

  private static byte[] message(int type, int number) {
    return new byte[] {(byte) type, 0, 0, 0, (byte) number};
  }

  private static void send(DataOutputStream out, byte[] message) throws IOException {
    out.writeInt(message.length);
    out.write(message);
    out.flush();
  }
}
