package dev.tapedeck.bench.search;

import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/** Kinds of text that terminals show; the same with every run. */
enum Corpus {
  /** A server's log: identifiers, paths, addresses, and a number of 16 hex digits in each line. */
  LOG {
    @Override
    String line(Random random) {
      return String.format(
          Locale.ROOT,
          "2026-11-%02dT%02d:%02d:%02d.%03dZ %s [%s] %s: request %016x from 10.%d.%d.%d took %d ms",
          random.nextInt(1, 28),
          random.nextInt(24),
          random.nextInt(60),
          random.nextInt(60),
          random.nextInt(1000),
          random.nextInt(9) == 0 ? "WARN" : "INFO",
          any(random, NAMES),
          words(random, NAMES, " ", random.nextInt(2, 6)),
          random.nextLong(),
          random.nextInt(256),
          random.nextInt(256),
          random.nextInt(256),
          random.nextInt(5000));
    }
  },
  /** Names of which each is another: what compilers and package managers print. */
  CODE {
    @Override
    String line(Random random) {
      String name =
          syllables(random, 3) + capital(syllables(random, 2)) + capital(any(random, NOUNS));
      return "  at org."
          + syllables(random, 2)
          + "."
          + any(random, NOUNS).toLowerCase(Locale.ROOT)
          + "."
          + capital(name)
          + ".get"
          + capital(syllables(random, 2))
          + "("
          + capital(name)
          + ".java:"
          + random.nextInt(900)
          + ")";
    }
  },
  /** Chinese: frequent words, names of rare characters, no blanks. */
  CHINESE {
    @Override
    String line(Random random) {
      StringBuilder line = new StringBuilder();
      for (int i = random.nextInt(8, 30); i > 0; i--) {
        if (random.nextInt(4) == 0) {
          line.appendCodePoint(0x4E00 + (int) Math.abs(random.nextGaussian() * 1500));
        }
        line.append(CHINESE_WORDS[(int) (CHINESE_WORDS.length * Math.pow(random.nextDouble(), 2))]);
      }
      return line.append('。').toString();
    }
  },
  /** What {@code base64} prints. */
  BASE64 {
    @Override
    String line(Random random) {
      byte[] bytes = new byte[57];
      random.nextBytes(bytes);
      return Base64.getEncoder().encodeToString(bytes);
    }
  };

  private static final String[] NAMES =
      ("connectionPool getUserById RequestHandler io.netty.channel OrderService gateway-7"
              + " worker_thread /usr/local/lib /var/log/nginx/access.log node_modules/react-dom"
              + " checkout payment refund session timeout refused reset accepted started stopped")
          .split(" ", -1);

  private static final String[] NOUNS =
      "Factory Builder Context Handler Reader Writer Session Buffer Queue Proxy".split(" ", -1);

  private static final String[] CHINESE_WORDS =
      ("的 了 在 是 和 数据 数据库 连接 连接池 配置 检查 是否 正确 请 重跑 之后 错误 日志 服务 服务器 系统 用户 密码 登录"
              + " 文件 目录 时间 超时 网络 请求 响应 接口 函数 变量 类型 测试 代码 编译 运行 部署 版本 更新 删除 添加"
              + " 修改 查询 索引 搜索 结果 内容 消息 队列 线程 进程 内存 磁盘 缓存 性能 问题 解决 方案 我们 可以 需要"
              + " 这个 那个 如果 因为 所以 但是 已经 没有 使用 实现 功能 模块 项目 开发 设计 文档 说明 参数 返回")
          .split(" ", -1);

  abstract String line(Random random);

  private static String any(Random random, String[] of) {
    return of[random.nextInt(of.length)];
  }

  private static String words(Random random, String[] of, String between, int count) {
    StringBuilder words = new StringBuilder(any(random, of));
    for (int i = 1; i < count; i++) {
      words.append(between).append(any(random, of));
    }
    return words.toString();
  }

  private static String syllables(Random random, int count) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < count; i++) {
      word.append("bcdfghjklmnprstvwz".charAt(random.nextInt(18)))
          .append("aeiou".charAt(random.nextInt(5)))
          .append(random.nextInt(3) == 0 ? "n" : "");
    }
    return word.toString();
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}
