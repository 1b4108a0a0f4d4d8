# Repeated measures against their peers, in one run. From anywhere: Rscript inst/bench/rm.R   (about 5 minutes)
file <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
here <- if (length(file)) dirname(normalizePath(file)) else system.file("bench", package = "respondr")
source(file.path(here, "common.R"))
bench_library(c("mmrm", "afex", "ez"))
suppressPackageStartupMessages({
  library(respondr)
  library(mmrm)
})
set.seed(1)

# Seconds of one call, the mean of many, the smallest of several rounds.
per_call <- function(expr, times, runs = 5) {
  expr <- substitute(expr)
  env <- parent.frame()
  loop <- bquote(for (i in seq_len(.(times))) .(expr))
  min(vapply(seq_len(runs), function(k) system.time(eval(loop, env))[["elapsed"]], 0)) / times
}

cat("== mixed ANOVA, 5 within x 2 between, 40 patients\n")
d <- expand.grid(id = 1:40, visit = factor(1:5))
d$arm <- factor(ifelse(d$id %% 2 == 0, "a", "b"))
d$y <- rnorm(200) + rnorm(40)[d$id]
ours <- per_call({
  x <- rm_anova(y ~ arm * visit | id, d, method = "all")
  rm_sphericity(x)
}, 20)
peer <- per_call(suppressMessages(suppressWarnings(
  summary(afex::aov_ez("id", "y", d, between = "arm", within = "visit", anova_table = list(es = "ges")))
)), 5)
record("mixed ANOVA 5 x 2, GG, HF, Mauchly, effect sizes, whole call", ours, "afex::aov_ez", peer, 30)

cat("== 10,000 outcomes x 62 patients x 4 visits\n")
m <- 10000
n <- 62
long <- expand.grid(id = seq_len(n), visit = c(0, 3, 12, 24))
values <- as.data.frame(matrix(rnorm(nrow(long) * m), nrow(long), dimnames = list(NULL, paste0("y", seq_len(m)))))
long <- cbind(long, values)
names <- paste0("y", seq_len(m))
batch1 <- seconds(rm_anova(~ visit | id, long, outcomes = names), 3)
batch2 <- seconds(rm_anova(~ visit | id, long, outcomes = names, threads = 2), 3)
one <- data.frame(id = factor(long$id), visit = factor(long$visit), y = long$y1)
loop_afex <- m * per_call(suppressMessages(suppressWarnings(afex::aov_ez("id", "y", one, within = "visit"))), 5)
loop_ez <- m * per_call(suppressMessages(suppressWarnings(ez::ezANOVA(one, dv = y, wid = id, within = visit))), 5)
record("10,000 outcomes, one call, one thread", batch1, "loop over afex", loop_afex, 300)
record("10,000 outcomes, one call, one thread", batch1, "loop over ez", loop_ez, 300)
record("the same on two threads, against one", batch2, "one thread", batch1, 1.7)
some <- names[seq_len(1000)]
many <- seconds(rm_mmrm(~ visit | id, long, outcomes = some), 3)
one$id <- factor(one$id)
loop_mmrm <- length(some) * per_call(summary(mmrm(y ~ visit + us(visit | id), one, method = "Kenward-Roger")), 5, 3)
record("MMRM of 1,000 outcomes x 62 x 4, Kenward-Roger, one call", many, "loop over mmrm", loop_mmrm, 10)
rm(long, values)

cat("== MMRM, mmrm::fev_data (200 patients x 4 visits, unstructured, REML)\n")
fev <- mmrm::fev_data
fev$AVISIT <- factor(fev$AVISIT)
for (df in c("satterthwaite", "kenward_roger")) {
  word <- c(satterthwaite = "Satterthwaite", kenward_roger = "Kenward-Roger")[[df]]
  ours <- per_call({
    fit <- rm_mmrm(FEV1 ~ RACE + ARMCD * AVISIT | USUBJID, fev, df = df)
    tidy(fit)
  }, 20)
  peer <- per_call({
    theirs <- mmrm(FEV1 ~ RACE + ARMCD * AVISIT + us(AVISIT | USUBJID), fev, method = word)
    summary(theirs)
  }, 5)
  stopifnot(abs(as.numeric(logLik(fit)) - as.numeric(logLik(theirs))) < 1e-5)
  record(paste("fev_data, fit and coefficient table,", word), ours, "mmrm", peer, 10)
}

cat("== MMRM, 2,000 patients x 10 visits\n")
k <- 10
big <- expand.grid(visit = factor(seq_len(k)), id = factor(seq_len(2000)))
root <- t(chol(0.6^abs(outer(1:k, 1:k, "-"))))
big$y <- as.vector(root %*% matrix(rnorm(k * 2000), k)) + as.integer(big$visit) / 5
big$arm <- factor(ifelse(as.integer(big$id) %% 2 == 0, "a", "b"))
big$y[runif(nrow(big)) < 0.1 & big$visit != 1] <- NA
ours <- per_call(rm_mmrm(y ~ arm * visit | id, big, df = "satterthwaite", visits = as.character(1:10)), 1, 3)
peer <- per_call(mmrm(y ~ arm * visit + us(visit | id), big, method = "Satterthwaite"), 1, 1)
record("2,000 patients x 10 visits, unstructured, Satterthwaite", ours, "mmrm", peer, 5)

cat("== memory linear in rows\n")
grow <- function(n) {
  d <- big[as.integer(big$id) <= n, ]
  d$id <- droplevels(d$id)
  gc(reset = TRUE)
  rm_mmrm(y ~ arm * visit | id, d, df = "satterthwaite", visits = as.character(1:10))
  sum(gc()[, 6])
}
base <- sum(gc(reset = TRUE)[, 6])
half <- grow(1000) - base
full <- grow(2000) - base
record("memory, 2,000 patients against twice 1,000", full, "2 x half", 2 * half, 1.3, "ours / peer", "MB")

bench_table()
