package io.straightedge.ingest.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/** A short log of each stack, in the shape in which it is documented to write. */
public final class Samples {

    static final String MEGATRON = """
            using world size: 8, data-parallel size: 8
            ------------------------ arguments ------------------------
              accumulate_allreduce_grads_in_fp32 .............. True
              global_batch_size ............................... 1024
              lr_decay_style .................................. cosine
              seq_length ...................................... 2048
              train_iters ..................................... 311541
            -------------------- end of arguments ---------------------
             iteration    29040/  311541 | consumed samples:     10718544 | elapsed time per iteration (ms): 22148.5 | learning rate: 9.849E-05 | global batch size:  1024 | lm loss: 2.768131E+00 | loss scale: 65536.0 | grad norm: 0.251 | number of skipped iterations:   0 | number of nan iterations:   0 |
             [2026-01-02 03:04:05] iteration    29050/  311541 | consumed samples:     10728784 | elapsed time per iteration (ms): 22148.5 | throughput per GPU (TFLOP/s/GPU): 140.1 | learning rate: 9.849E-05 | global batch size:  1024 | lm loss: 7.343709E+00 | loss scale: 8192.0 | grad norm: 0.000 | number of skipped iterations:   0 | number of nan iterations:   0 |
            ------------------------------------------------------------------------------------------------
             validation loss at iteration 29050 | lm loss value: 2.300000E+00 | lm loss PPL: 9.974182E+00 |
            ------------------------------------------------------------------------------------------------
             iteration    29060/  311541 | consumed samples:     10739024 | elapsed time per iteration (ms): 22148.5 | learning rate: 9.849E-05 | global batch size:  1024 | loss scale: 1.0 | grad norm: nan | number of skipped iterations:   0 | number of nan iterations:   3 |
             iteration    29070/  311541 | consumed samples:     10749264 | elapsed time per iteration (ms): 22148.5 | learning rate: 9.848E-05 | global batch size:  1024 | loss scale: 1.0 | number of skipped iterations:   2 | number of nan iterations:   2 |
             iteration    29080/  311541 | consumed samples:     10759504 | elapsed time per iteration (ms): 22148.5 | learning rate: 9.848E-05 | global batch size:  1024 | loss scale: 1.0 | number of skipped iterations:  10 | number of nan iterations:   0 |
            """;

    static final String NEMO = """
            [NeMo I 2026-01-02 03:04:05 train:12] starting
            Training epoch 0, iteration 9/99 | lr: 2.699e-06 | global_batch_size: 512 | global_step: 9 | reduced_train_loss: 11.03 | train_step_timing in s: 10.5 | consumed_samples: 5120
            Training epoch 0, iteration 19/99 | lr: 5.699e-06 | global_batch_size: 512 | global_step: 19 | reduced_train_loss: 10.51 | train_step_timing in s: 10.4 | consumed_samples: 10240 | val_loss: 10.55
            """;

    static final String NEMO_BAR = "Sanity Checking: 0it [00:00, ?it/s]\n"
            + "\rEpoch 0: :   1%|          | 120/10000 [00:10<1:00, v_num=0, reduced_train_loss=2.410, global_step=119.0, consumed_samples=480.0, train_step_timing in s=1.20]"
            + "\rEpoch 0: :   1%|          | 120/10000 [00:11<1:00, v_num=0, reduced_train_loss=2.410, global_step=119.0, consumed_samples=480.0, train_step_timing in s=1.20]"
            + "\rEpoch 0: :   1%|          | 121/10000 [00:12<1:00, v_num=0, reduced_train_loss=2.400, global_step=120.0, consumed_samples=484.0, val_loss=2.500]"
            + "\rEpoch 0: :   1%|          | 122/10000 [00:13<1:00, v_num=0, reduced_train_loss=2.390, global_step=121.0, consumed_samples=4.88e+8, val_loss=2.500]\n";

    static final String TORCHTITAN = """
            [rank0]:[titan] 2026-01-02 03:04:05,678 - root - INFO - Model llama3 8B size: 8,030,261,248 total parameters
            [rank0]:[titan] 2026-01-02 03:04:05,678 - root - INFO - Trainer is initialized with local batch size 8, global batch size 64, gradient accumulation steps 1, sequence length 8192, total steps 1000 (warmup 200)
            [rank0]:[titan] 2026-01-02 03:04:06,678 - root - INFO - \u001B[31mstep:  1  \u001B[32mloss: 12.2345  \u001B[38;2;180;60;0mgrad_norm:  4.1234  \u001B[33mmemory: 12.34GiB(15.43%)  \u001B[34mtps: 1,234  \u001B[36mtflops: 12.34  \u001B[35mmfu: 10.00%\u001B[39m
            [rank1]:[titan] 2026-01-02 03:04:06,679 - root - INFO - \u001B[31mstep:  1  \u001B[32mloss: 12.2345  \u001B[38;2;180;60;0mgrad_norm:  4.1234  \u001B[33mmemory: 12.34GiB(15.43%)\u001B[39m
            [rank0]:[titan] 2026-01-02 03:05:06,678 - root - INFO - \u001B[31mstep: 10  \u001B[32mloss:  7.12345  \u001B[38;2;180;60;0mgrad_norm:  1.2345  \u001B[33mmemory: 12.34GiB(15.43%)\u001B[39m
            [rank1]:[titan] 2026-01-02 03:05:06,678 - root - INFO - \u001B[31mstep: 10  \u001B[32mloss:  7.12345  \u001B[38;2;180;60;0mgrad_norm:  1.2345  \u001B[33mmemory: 12.34GiB(15.43%)\u001B[39m
            [rank0]:[titan] 2026-01-02 03:05:07,678 - root - INFO - \u001B[32mvalidate step: 10  \u001B[32mloss:  7.2  \u001B[33mmemory: 12.34GiB(15.43%)  \u001B[34mtps: 1,234\u001B[39m
            """;

    static final String OLMO_CORE = """
            2026-01-02T03:04:05.678Z\thost:0\tolmo_core.train.callbacks.console_logger:121\tINFO\t[step=110/5,000,epoch=1,eta=1:23:45]
                optim/LR (group 0)=1.20E-04
                optim/total grad norm=0.4512
                train/CE loss=2.513
                train/PPL=12.34
                throughput/total tokens=115,343,360
            2026-01-02T03:05:05.678Z\thost:0\tolmo_core.train.callbacks.console_logger:121\tINFO\t[step=120/5,000,epoch=1,eta=1:22:45]
                train/CE loss=2.413
                eval/lm/c4_en-validation/CE loss=2.7
            2026-01-02T03:05:06.000Z\thost:0\tolmo_core.train.checkpoint:88\tINFO\tSaved checkpoint
            """;

    static final String LLMC_LOG = """
            s:0 tel:11.0092
            s:0 trl:11.0100 lr:0.000001 norm:15.37
            s:250 eval:0.2467
            s:1991 trl:3.9052 lr:0.000593 norm:0.29
            s:2000 tel:3.8990
            """;

    static final String LLMC_CONSOLE = """
            +-----------------------+----------------------------------------------------+
            | Parameter             | Value                                              |
            +-----------------------+----------------------------------------------------+
            | sequence length T     | 1024                                               |
            | learning rate (LR)    | 6.000000e-04                                       |
            num_parameters: 124475904 => bytes: 248951808
            val loss 11.009200
            step    1/3 | loss 11.009436 (+nanz)| norm 15.3662 (+nanz)| lr 8.57e-07 | 3056.36 ms | 42.6% bf16 MFU | 171542 tok/s
            step    2/3 | loss 10.955029 (+1.20z)| norm 15.1 (-0.30z)| lr 1.71e-06 | 3056.36 ms | 42.6% bf16 MFU | 171542 tok/s
            val loss 10.950000
            step    3/3 | loss 10.900000 (+1.20z)| norm 15.0 (-0.30z)| lr 2.57e-06 | 3056.36 ms | 42.6% bf16 MFU | 171542 tok/s
            val loss 10.890000
            """;

    static final String MODDED_NANOGPT = """
            step:0/20344 val_loss:10.8258 train_time:0ms step_avg:nanms
            step:1/20344 train_loss:10.8259 train_time:220ms step_avg:nanms
            step:4996/20344 train_loss:3.0134 train_time:8579798ms step_avg:1720.78ms
            step:5000/20344 val_loss:3.2512 train_time:8586798ms step_avg:1720.78ms
            """;

    static final String BUILD_NANOGPT = """
            total desired batch size: 524288
            validation loss: 10.9504
            HellaSwag accuracy: 2463/10042=0.2453
            step     0 | loss: 10.955029 | lr 8.3916e-07 | norm: 15.3662 | dt: 3000.00ms | tok/sec: 174762.67
            step    10 | loss: 3.123456 | lr 6.0000e-04 | norm: 0.2900 | dt: 120.1ms | tok/sec: 12345.67
            validation loss: 3.2000
            step    11 | loss: 3.110000 | lr 6.0000e-04 | norm: 0.2800 | dt: 120.1ms | tok/sec: 12345.67
            """;

    static final String BUILD_NANOGPT_LOG = """
            0 val 10.9504
            0 hella 0.2453
            0 train 10.955029
            250 val 5.9123
            250 train 5.901234
            """;

    static final String NANOGPT = """
            Overriding: max_iters = 600000
            tokens per iteration will be: 491,520
            step 0: train loss 10.9894, val loss 10.9886
            iter 0: loss 10.9905, time 41234.12ms, mfu -100.00%
            iter 10: loss 9.1234, time 120.00ms, mfu 30.00%
            step 1000: train loss 3.1000, val loss 3.2000
            iter 1000: loss 3.1234, time 120.00ms, mfu 30.00%
            """;

    static final String HF_CONSOLE = "Map: 100%|##########| 1000/1000 [00:01<00:00, 900.00 examples/s]\n"
            + "\r  0%|          | 0/300 [00:00<?, ?it/s]\r  3%|3         | 9/300 [00:09<04:50,  1.00it/s]\r"
            + "                                                  \r"
            + "{'loss': 2.41, 'grad_norm': 1.25, 'learning_rate': 9.9e-05, 'epoch': 0.1}\n"
            + "\r  3%|3         | 10/300 [00:10<04:50,  1.00it/s]\r  6%|6         | 19/300 [00:19<04:40,  1.00it/s]\r"
            + "{'loss': '2.31', 'grad_norm': 'nan', 'learning_rate': '9.8e-05', 'epoch': '0.2'}\n"
            + "\r  7%|6         | 20/300 [00:20<04:40,  1.00it/s]\n";

    private Samples() {}

    /** Format to sample, in the order of the formats; some have two. */
    public static Map<String, byte[]> byFormat() {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("megatron", MEGATRON.getBytes(UTF_8));
        samples.put("nemo", NEMO.getBytes(UTF_8));
        samples.put("nemo bar", NEMO_BAR.getBytes(UTF_8));
        samples.put("torchtitan", TORCHTITAN.getBytes(UTF_8));
        samples.put("olmo-core", OLMO_CORE.getBytes(UTF_8));
        samples.put("llmc-log", LLMC_LOG.getBytes(UTF_8));
        samples.put("llmc-console", LLMC_CONSOLE.getBytes(UTF_8));
        samples.put("modded-nanogpt", MODDED_NANOGPT.getBytes(UTF_8));
        samples.put("build-nanogpt", BUILD_NANOGPT.getBytes(UTF_8));
        samples.put("build-nanogpt log", BUILD_NANOGPT_LOG.getBytes(UTF_8));
        samples.put("nanogpt", NANOGPT.getBytes(UTF_8));
        samples.put("hf-console", HF_CONSOLE.getBytes(UTF_8));
        return samples;
    }
}
